import type { LaneName } from '../messages/outgoing-message';
import type { ReceiptStatus } from '../messages/receipt';
import type { Decision } from '../outbox/decision';
import type { MessageRecord, NewMessage } from '../outbox/message-record';
import type { Receipt } from '../outbox/receipts';
import type { AttemptResult, Transition } from '../outbox/transitions';

/** Names a session and the epoch under which its owner writes. */
export interface SessionFence {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** The epoch of the owner's lease. */
  readonly epoch: number;
}

/** What a key that is remembered is answered with. */
export type ReplayResult =
  | {
      /** The key was used before with the same body. */
      readonly kind: 'replayed';
      /** The message that was accepted then, as it stands now. */
      readonly message: MessageRecord;
    }
  | {
      /** The key was used before with another body. Nothing was accepted. */
      readonly kind: 'mismatch';
    };

/** What {@link OutboxStore.accept} makes of a message. */
export type AcceptResult =
  | {
      /** The message is new, and durable. */
      readonly kind: 'accepted';
      /** The message. */
      readonly message: MessageRecord;
    }
  | ReplayResult;

/** What a lane may send now. */
export interface ClaimResult {
  /** The next message of each free recipient, in the order in which to begin. */
  readonly messages: readonly MessageRecord[];
  /**
   * When to look again if nothing else happens: the earliest time after `now` at which a queued
   * message of the session comes due, milliseconds since 1970. There may be nothing to do then.
   */
  readonly nextAt: number | undefined;
}

/** Which messages to list. */
export interface MessageQuery {
  /** Only this session's. */
  readonly sessionId?: string | undefined;
  /** Only with this status. */
  readonly status?: ReceiptStatus | undefined;
  /** Only those accepted before this one: the last `position` of the page before. */
  readonly before?: number | undefined;
  /** At most this many, 1 to 200. */
  readonly limit: number;
}

/** How many messages of a session are where. */
export interface OutboxDepth {
  /** Waiting, by lane. */
  readonly queued: Readonly<Record<LaneName, number>>;
  /** In flight. */
  readonly sending: number;
  /** Held because nobody can tell whether they left. */
  readonly unknown: number;
}

/** What somebody decided on a message. */
export interface DecideRequest {
  /** The tenant. */
  readonly workspaceId: string;
  /** The message. */
  readonly messageId: string;
  /** What was decided. */
  readonly decision: Decision;
  /** Who decided. */
  readonly by: string;
  /** Now, milliseconds since 1970. */
  readonly now: number;
}

/** Which messages to forget. */
export interface PruneRequest {
  /** The tenant. */
  readonly workspaceId: string;
  /** Those that last changed before this time, milliseconds since 1970. */
  readonly before: number;
  /** Now, milliseconds since 1970. */
  readonly now: number;
  /** At most this many, 1 to 10,000. */
  readonly limit: number;
}

/**
 * Messages owed to WhatsApp. Adapters decide nothing: what a message becomes is said by the pure
 * functions `beginAttempt`, `finishAttempt`, `cutOff`, `applyReceipt`, `expire` and `decide`, and when it is
 * due by `dueAt` and `holdsUp`.
 */
export interface OutboxStore {
  /**
   * Accepts a message: idempotency row, message and outbox entry in one durable transaction.
   * Of two calls with the same key, one accepts and the other replays.
   * @param bodyDigest what tells one body from another under the same key
   * @param keyTtlMs how long the key is remembered, in milliseconds from `message.created_at`
   */
  accept(message: NewMessage, bodyDigest: string, keyTtlMs: number): Promise<AcceptResult>;
  /**
   * What {@link OutboxStore.accept} would say to a key that is remembered; `undefined` when it is
   * not. Accepts nothing.
   * @param now milliseconds since 1970
   */
  replay(
    workspaceId: string,
    idempotencyKey: string,
    bodyDigest: string,
    now: number,
  ): Promise<ReplayResult | undefined>;
  /** A message of a workspace, or `undefined` when it has none by that id. */
  get(workspaceId: string, messageId: string): Promise<MessageRecord | undefined>;
  /** The messages of a workspace, newest first. */
  list(workspaceId: string, query: MessageQuery): Promise<readonly MessageRecord[]>;
  /**
   * What a session may send now. Each recipient is offered at most one message, and none while its
   * key is in `busy`: the oldest that is due of its `interactive` lane, else of its `bulk` lane. One
   * that backs off holds up those behind it in its lane; one that is scheduled does not. All
   * `interactive` messages go before all `bulk` ones, then by age. A message whose `expires_at` has
   * passed is offered like one that is due: end it with {@link OutboxStore.expire}. Changes nothing.
   */
  claim(request: {
    readonly workspaceId: string;
    readonly sessionId: string;
    readonly now: number;
    readonly limit: number;
    readonly busy: ReadonlySet<string>;
  }): Promise<ClaimResult>;
  /**
   * Writes the intent to send, before the provider is called.
   * @returns the message as it is now, its last attempt the new one; `undefined` when the session has no such message in its queue any more
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  beginAttempt(
    fence: SessionFence,
    messageId: string,
    provider: string,
    now: number,
  ): Promise<MessageRecord | undefined>;
  /**
   * Writes how the last attempt ended, merges receipts that came before the id was known, and
   * appends the event when the status moved, all in one transaction. May be called again: with the
   * same result it changes nothing, with a definite one it settles an attempt that ended `unknown`.
   * @throws GatewayError `lease_lost` when the epoch is stale, `not_found` when the session has no such message
   */
  finishAttempt(
    fence: SessionFence,
    messageId: string,
    result: AttemptResult,
    now: number,
  ): Promise<MessageRecord>;
  /**
   * Ends a queued message whose time is over, and appends the event.
   * @returns the message as it is now; `undefined` when the session has no such message
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  expire(fence: SessionFence, messageId: string, now: number): Promise<MessageRecord | undefined>;
  /**
   * Writes what somebody decided on a message that is `unknown`, and appends the event. It needs no
   * lease: whoever owns the session finds it queued, or settled.
   * @returns the message as it is now, and whether the decision came in time; `undefined` when the
   *   workspace has no such message
   */
  decide(request: DecideRequest): Promise<Transition | undefined>;
  /**
   * Merges a report about a message of the session, by any id that WhatsApp ever gave it, and
   * appends the event when the status moved. Under an id that no message has yet, it is about the
   * message and attempt that its tracker names, if they are the session's; else it is remembered
   * within `heldReceiptLimits`, for when the id becomes known.
   * @returns the message as it is now; `undefined` when the report is about none, as far as is known
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  applyReceipt(
    fence: SessionFence,
    providerMessageId: string,
    receipt: Receipt,
    now: number,
  ): Promise<MessageRecord | undefined>;
  /**
   * After a crash: every attempt of an older epoch that never ended becomes `unknown`, never
   * `queued` (unless the message asks for `on_ambiguous: "retry"`). Appends the events.
   * @returns the messages that changed, oldest first
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  recover(fence: SessionFence, now: number): Promise<readonly MessageRecord[]>;
  /** How many messages are where. */
  depth(workspaceId: string, sessionId: string): Promise<OutboxDepth>;
  /**
   * Forgets settled messages, oldest first. One whose idempotency key is still remembered stays,
   * and so does one that is `unknown`: somebody has yet to decide on it.
   * @returns how many were forgotten
   */
  prune(request: PruneRequest): Promise<number>;
}
