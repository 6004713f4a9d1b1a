import type { Address } from './address';
import type { ReadMessage } from './network/content';
import type { Effect } from './network/effect-ledger';
import type { PageState } from './page-state';

/** What a {@link WebSimulator} tells: event name to what its listeners get. */
export interface WebSimulatorEvents {
  /** A page shows a QR. */
  qr: [{ readonly text: string; readonly page: string }];
  /** A page went idle: its QR codes are used up. */
  qr_expired: [{ readonly page: string }];
  /** A page asked for a pairing code. */
  code: [{ readonly code: string; readonly number: string; readonly page: string }];
  /** A page was linked to an account. */
  paired: [{ readonly number: string }];
  /** A page of an account is connected. */
  connected: [{ readonly number: string }];
  /** A page of an account was told that it is synchronised. */
  synced: [{ readonly number: string }];
  /** A page of an account lost its socket. */
  disconnected: [{ readonly number: string }];
  /** An account logged a page out. */
  logged_out: [{ readonly number: string; readonly by: 'phone' | 'library' }];
  /** A page was told a state. */
  state: [{ readonly number: string; readonly state: PageState }];
  /** An account sent a message, and the server accepted it. */
  sent: [{ readonly number: string; readonly message: ReadMessage }];
  /** A message reached an account. */
  delivered: [{ readonly number: string; readonly message: ReadMessage }];
  /** A message's acknowledgement moved. */
  acknowledged: [{ readonly number: string; readonly id: string; readonly ack: number }];
  /** The server accepted something that others can see. */
  effect: [Effect];
  /** An account types, records, or stopped. */
  typing: [
    {
      readonly number: string;
      readonly to: Address;
      readonly state: 'composing' | 'recording' | 'paused';
    },
  ];
  /** An account has read a chat. */
  seen: [{ readonly number: string; readonly chat: Address }];
  /** Anything happened that a view of the simulator should show. */
  changed: [];
}

/** Tells one event. */
export type Publish = <Name extends keyof WebSimulatorEvents>(
  name: Name,
  ...payload: WebSimulatorEvents[Name]
) => void;
