import type { Clock } from '@blazz/core';
import type { Faults } from './faults';
import type { AckMode } from './network/ack-mode';

/** How long things take at the simulated WhatsApp, in milliseconds. */
export interface Timings {
  /** From the page's script to a running application. Default 150. */
  readonly bootMs: number;
  /** From the socket's opening to the first QR, or to CONNECTED on a restored session. Default 60. */
  readonly openMs: number;
  /** How long the first QR of a round lives. Default 60 000. */
  readonly firstQrMs: number;
  /** How long each later QR of a round lives. Default 20 000. */
  readonly nextQrMs: number;
  /** How many QR codes a round has; then the page goes UNPAIRED_IDLE. Default 6. */
  readonly qrCount: number;
  /** From the scan to the credentials. Default 300. */
  readonly pairMs: number;
  /**
   * From CONNECTED to synchronised. Default 1 500: whatsapp-web.js attaches its listener only some
   * round trips after CONNECTED and misses an earlier one (see the fault `sync: 'race'`).
   */
  readonly syncMs: number;
  /** From CONNECTED to the messages that arrived while the page was away. Default 50. */
  readonly offlineMs: number;
  /** From a send to the server's acknowledgement (1). Default 40. */
  readonly sendMs: number;
  /** From there to the recipient's device (2). Default 120. */
  readonly deliverMs: number;
  /** From there to read (3). Default 400. */
  readonly readMs: number;
  /** How long a number lookup takes. Default 20. */
  readonly lookupMs: number;
  /** How long the page waits for its socket before it says TIMEOUT. Default 20 000. */
  readonly socketTimeoutMs: number;
  /** The page's pause between two attempts to connect. Default 500. */
  readonly reconnectMs: number;
}

/** The default of every {@link Timings} value. */
export const defaultTimings: Timings = {
  bootMs: 150,
  openMs: 60,
  firstQrMs: 60_000,
  nextQrMs: 20_000,
  qrCount: 6,
  pairMs: 300,
  syncMs: 1_500,
  offlineMs: 50,
  sendMs: 40,
  deliverMs: 120,
  readMs: 400,
  lookupMs: 20,
  socketTimeoutMs: 20_000,
  reconnectMs: 500,
};

/** The version that the page claims: whatsapp-web.js compares it with 2.3000. */
export const defaultVersion = '2.3000.1017054665';

/** What a {@link WebSimulator} can be told. */
export interface WebSimulatorOptions {
  /** Port of the simulated web.whatsapp.com on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /**
   * A folder that keeps the certificate, accounts, messages and media. With it (and a fixed `port`)
   * a restarted simulator meets the same browser profiles again. Default: nothing is kept.
   */
  readonly dataDir?: string;
  /** Delays that differ from {@link defaultTimings}. */
  readonly timings?: Partial<Timings>;
  /** Faults from the start; see `setFaults`. */
  readonly faults?: Partial<Faults>;
  /** How recipients acknowledge. Default `read`. */
  readonly ackMode?: AckMode;
  /** Whether a number without an account of its own is on WhatsApp. Default: every number is. */
  readonly isRegistered?: (number: string) => boolean;
  /** Where pages keep their credentials. Default `indexeddb`, as WhatsApp Web does. */
  readonly credentialStorage?: 'indexeddb' | 'localstorage';
  /** WhatsApp Web's version that the page claims. Default 2.3000.1017054665. */
  readonly version?: string;
  /** The clock that all delays run on. Default: the machine's. */
  readonly clock?: Clock;
}
