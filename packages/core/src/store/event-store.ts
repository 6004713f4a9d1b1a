import type { EventDraft, EventType, GatewayEvent } from '../events/event';
import type { SessionFence } from './outbox-store';

/**
 * How long a dedupe key is remembered at least, in milliseconds, whatever becomes of its event: 8 days.
 * Meta tells an event again for up to 7 days, and the log may be trimmed sooner than that.
 */
export const dedupeKeyMs: number = 8 * 24 * 3_600_000;

/**
 * How the names of consumers begin that the gateway keeps for itself: one for each webhook endpoint. They
 * are forgotten along with it, and only then.
 */
export const ownConsumers: string = 'webhook_';

/** The ends of a workspace's log. */
export interface LogBounds {
  /** The oldest `seq` still kept; `headSeq + 1` when nothing is. */
  readonly oldestSeq: number;
  /** The newest `seq`; 0 when nothing ever happened. */
  readonly headSeq: number;
}

/** A named consumer, and where it stands. */
export interface Consumer {
  /** Its name. */
  readonly consumer: string;
  /** The `seq` that it acknowledged last. */
  readonly seq: number;
  /** When it was seen last, milliseconds since 1970. */
  readonly seen_at: number;
}

/** Which consumers to list. */
export interface ConsumerQuery {
  /** Only names that sort after this one. Default: all. */
  readonly after?: string | undefined;
  /** At most this many, 1 to 1000. */
  readonly limit: number;
}

/** Which events to read. */
export interface EventQuery {
  /** Events with a higher `seq` than this. */
  readonly after: number;
  /** At most this many, 1 to 1000. */
  readonly limit: number;
  /** Only these types. */
  readonly types?: readonly EventType[] | undefined;
  /** Only of these sessions. */
  readonly sessions?: readonly string[] | undefined;
}

/** A stretch of the log. */
export interface EventPage extends LogBounds {
  /** The events, oldest first. */
  readonly events: readonly GatewayEvent[];
  /** Where to read on: the highest `seq` looked at, filtered out or not. Never behind `after`. */
  readonly next: number;
}

/** The event log of each workspace: dense, monotonic, durable before anyone is told. */
export interface EventStore {
  /**
   * Appends events and numbers them, all or none. A draft whose `dedupe_key` is known, or earlier in
   * the same call, is dropped. Known are the keys of the events in the log, and those of trimmed events
   * until {@link EventStore.forgetKeys}.
   * @returns the events that were appended
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  append(fence: SessionFence, drafts: readonly EventDraft[]): Promise<readonly GatewayEvent[]>;
  /** Reads a stretch. A query behind the oldest event starts at the oldest: compare `oldestSeq`. */
  read(workspaceId: string, query: EventQuery): Promise<EventPage>;
  /** The ends of the log. */
  bounds(workspaceId: string): Promise<LogBounds>;
  /** Where a named consumer stands: the `seq` that it acknowledged last, or `undefined`. */
  cursor(workspaceId: string, consumer: string): Promise<number | undefined>;
  /** The named consumers of a workspace, by name; not the {@link ownConsumers}. */
  consumers(workspaceId: string, query: ConsumerQuery): Promise<readonly Consumer[]>;
  /**
   * Moves a named consumer on, never backwards, and notes that it was seen.
   * @param now milliseconds since 1970
   */
  saveCursor(workspaceId: string, consumer: string, seq: number, now: number): Promise<void>;
  /**
   * Forgets a named consumer.
   * @returns whether there was one
   */
  deleteCursor(workspaceId: string, consumer: string): Promise<boolean>;
  /**
   * Forgets the consumers, of all workspaces, that were last seen before a time, milliseconds since 1970,
   * and have not read their log to its end. One that has read it all may only wait for what comes, and
   * stays; so do the {@link ownConsumers}.
   * @param limit at most this many in one call, 1 to 1000
   * @returns how many were forgotten
   */
  forgetCursors(before: number, limit: number): Promise<number>;
  /**
   * Forgets events up to and including `seq`, but not the keys of those that happened in the last
   * {@link dedupeKeyMs} before `now`.
   * @returns how many were forgotten
   */
  trim(workspaceId: string, seq: number, now: number): Promise<number>;
  /**
   * Forgets keys of trimmed events, of all workspaces, that happened {@link dedupeKeyMs} before `now`
   * or earlier; at most `limit` in one call.
   * @returns how many were forgotten
   */
  forgetKeys(now: number, limit: number): Promise<number>;
  /**
   * Calls `listener` soon after the log of a workspace grew, at most once a turn of the event loop,
   * with the new head. It tells that there is something to read, never what. It must not throw.
   * @returns a function that ends the watch
   */
  watch(workspaceId: string, listener: (headSeq: number) => void): () => void;
}
