import type { BackoffOptions } from '../backoff';
import type { Clock } from '../clock';
import type { ReadEntry } from '../intake/read-entry';
import type { Logger } from '../logger';
import type { Observer } from '../observer';
import { type AttemptPolicy, defaultAttemptPolicy } from '../outbox/attempt-policy';
import type { MessageRecord } from '../outbox/message-record';
import type { SendDeadlines } from '../outbox/send-deadlines';
import type { ProviderFactory } from '../provider/provider';
import type { SessionRecord } from '../store/session-store';
import type { Store } from '../store/store';
import { defaultLeaseTimings, type LeaseTimings } from './lease-keeper';

/** How long things may take in a session, in milliseconds. */
export interface SessionTimings {
  /** From the start of a provider to its first QR or `ready`. */
  readonly startMs: number;
  /** For a provider to stop. */
  readonly stopMs: number;
  /** One send, from the call to the outcome. */
  readonly sendMs: number;
  /** For sends in flight to finish before a stop. */
  readonly drainMs: number;
  /** How long an unlinked session waits for somebody to scan before it stops. */
  readonly pairingMs: number;
  /** How long `ready` must last before earlier failures are forgotten. */
  readonly steadyMs: number;
  /** Waits between restarts. */
  readonly reconnect: BackoffOptions;
  /** When a message is tried again. */
  readonly attempts: AttemptPolicy;
  /** Ownership. */
  readonly lease: LeaseTimings;
}

/** Start 120 s, stop 30 s, send 10 min (media), drain 10 s, pairing 5 min, restarts 1 s to 5 min apart. */
export const defaultSessionTimings: SessionTimings = {
  startMs: 120_000,
  stopMs: 30_000,
  sendMs: 600_000,
  drainMs: 10_000,
  pairingMs: 300_000,
  steadyMs: 60_000,
  reconnect: { baseMs: 1_000, maxMs: 300_000 },
  attempts: defaultAttemptPolicy,
  lease: defaultLeaseTimings,
};

/** What a session is given by whoever makes it. */
export interface SessionContext {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** Makes its providers. */
  readonly factory: ProviderFactory;
  /** What the factory made of the workspace's settings. */
  readonly settings: unknown;
  /** Where state is. */
  readonly store: Store;
  /** The name under which this instance holds leases. */
  readonly instanceId: string;
  /** How long things may take. */
  readonly timings: SessionTimings;
  /** Gives up sends that take longer than `timings.sendMs`; shared by all sessions. */
  readonly deadlines: SendDeadlines;
  /** Runs a start when its turn comes: a machine can only bring up so many browsers at once. */
  readonly takeTurn: (start: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  /** Resolves with what makes events of what came in from outside, as the session is configured now. */
  readonly reading: () => Promise<ReadEntry>;
  /** Told of every message that changed. */
  readonly onMessage: (message: MessageRecord) => void;
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines, stamped with workspace, session and provider. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}

/** A session's record at the start of a process: stopped, with what is known from before. */
export function initialRecord(context: SessionContext, known?: SessionRecord): SessionRecord {
  return {
    desired: 'running',
    ...known,
    workspace_id: context.workspaceId,
    session_id: context.sessionId,
    provider: context.factory.type,
    state: 'stopped',
    since: context.clock.now(),
  };
}
