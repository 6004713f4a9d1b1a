import type { Clock } from '@blazz/core';
import type { Timers } from '../../timers';
import type { AccountBook } from '../accounts/account-book';
import type { Directory } from '../accounts/directory';
import type { Publish } from '../events';
import type { FaultBoard } from '../faults';
import type { MediaVault } from '../media/media-vault';
import type { Timings } from '../options';
import type { EffectLedger } from './effect-ledger';

/** What the parts of the simulated network share. */
export interface NetworkContext {
  /** The accounts with a phone of their own. */
  readonly accounts: AccountBook;
  /** Who is on WhatsApp. */
  readonly directory: Directory;
  /** The media server's memory. */
  readonly vault: MediaVault;
  /** Every accepted effect. */
  readonly ledger: EffectLedger;
  /** What goes wrong. */
  readonly faults: FaultBoard;
  /** Wall-clock time. */
  readonly clock: Clock;
  /** How long things take. */
  readonly timings: Timings;
  /** Delayed work. */
  readonly timers: Timers;
  /** Tells the simulator's listeners. */
  readonly publish: Publish;
}

/** What a page's request throws when WhatsApp's server says no. */
export class ServerStatusError extends Error {
  /** As WhatsApp Web's own error is called. */
  override readonly name = 'ServerStatusCodeError';
  /** The server's status. */
  readonly status: number;

  /**
   * @param status the server's status
   * @param message what it means
   */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
