import type { BreakerState } from '../breaker';
import type { ErrorBody } from '../errors/gateway-error';
import type { Account } from './provider-event';

/** Where a member of a provider that is made of several stands. */
export type MemberState =
  /** Not linked, and nobody asked for its QR. */
  | 'unlinked'
  /** It comes up. */
  | 'starting'
  /** It shows a QR or a pairing code. */
  | 'pairing'
  /** Linked, and loading chats. */
  | 'syncing'
  /** It can send. */
  | 'ready'
  /** Its connection is gone, and it mends it itself. */
  | 'interrupted'
  /** It died, and is started anew after a wait. */
  | 'restarting'
  /** Its link was ended. */
  | 'logged_out'
  /** Only a person can go on. */
  | 'action_required'
  /** Starting it again is pointless. */
  | 'failed'
  /** It was stopped with the session. */
  | 'stopped';

/** How a member of a provider that is made of several stands. Wire object. */
export interface MemberStatus {
  /** The member: its provider's type, with a number from the second of one type on. */
  readonly member: string;
  /** Where it stands. */
  readonly state: MemberState;
  /** Why, as one word. */
  readonly reason?: string;
  /** While it is `syncing`: how far, 0 to 100, when known. */
  readonly percent?: number;
  /**
   * Whether WhatsApp shut its account out: what it would carry waits, and goes by no other member,
   * until it is ready again. Default: false.
   */
  readonly barred?: boolean;
  /** Whether sends try it: `open` leaves it alone for a while, `half_open` tries it with one send. */
  readonly breaker: BreakerState;
  /** The account that it is linked to. */
  readonly account?: Account;
  /** What went wrong last. */
  readonly last_error?: ErrorBody;
}
