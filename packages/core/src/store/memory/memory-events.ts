import type { EventDraft, GatewayEvent } from '../../events/event';
import {
  type Consumer,
  type ConsumerQuery,
  dedupeKeyMs,
  type EventPage,
  type EventQuery,
  type EventStore,
  type LogBounds,
} from '../event-store';
import type { SessionFence } from '../outbox-store';
import { EventLog } from './event-log';
import type { MemoryLeases } from './memory-leases';

/** The event logs in memory. Bound them with {@link MemoryEvents.trim}. */
export class MemoryEvents implements EventStore {
  readonly #leases: MemoryLeases;
  readonly #logs = new Map<string, EventLog>();

  /** @param leases fences writes */
  constructor(leases: MemoryLeases) {
    this.#leases = leases;
  }

  /** The log of a workspace, for writes that were checked already. */
  log(workspaceId: string): EventLog {
    const log = this.#logs.get(workspaceId) ?? new EventLog(workspaceId);
    this.#logs.set(workspaceId, log);
    return log;
  }

  /** {@inheritDoc EventStore.append} */
  async append(
    fence: SessionFence,
    drafts: readonly EventDraft[],
  ): Promise<readonly GatewayEvent[]> {
    this.#leases.check(fence);
    return this.log(fence.workspaceId).append(drafts);
  }

  /** {@inheritDoc EventStore.read} */
  async read(workspaceId: string, query: EventQuery): Promise<EventPage> {
    return this.#find(workspaceId).read(query);
  }

  /** {@inheritDoc EventStore.bounds} */
  async bounds(workspaceId: string): Promise<LogBounds> {
    return this.#find(workspaceId).bounds;
  }

  /** {@inheritDoc EventStore.cursor} */
  async cursor(workspaceId: string, consumer: string): Promise<number | undefined> {
    return this.#find(workspaceId).cursor(consumer);
  }

  /** {@inheritDoc EventStore.consumers} */
  async consumers(workspaceId: string, query: ConsumerQuery): Promise<readonly Consumer[]> {
    return this.#find(workspaceId).consumers(query);
  }

  /** {@inheritDoc EventStore.saveCursor} */
  async saveCursor(workspaceId: string, consumer: string, seq: number, now: number): Promise<void> {
    this.log(workspaceId).saveCursor(consumer, seq, now);
  }

  /** {@inheritDoc EventStore.deleteCursor} */
  async deleteCursor(workspaceId: string, consumer: string): Promise<boolean> {
    return this.#find(workspaceId).deleteCursor(consumer);
  }

  /** {@inheritDoc EventStore.forgetCursors} */
  async forgetCursors(before: number, limit: number): Promise<number> {
    return this.#fromEach(limit, (log, rest) => log.forgetCursors(before, rest));
  }

  /** {@inheritDoc EventStore.trim} */
  async trim(workspaceId: string, seq: number, now: number): Promise<number> {
    return this.#find(workspaceId).trim(seq, keysSince(now));
  }

  /** {@inheritDoc EventStore.forgetKeys} */
  async forgetKeys(now: number, limit: number): Promise<number> {
    const since = keysSince(now);
    return this.#fromEach(limit, (log, rest) => log.forgetKeys(since, rest));
  }

  /** {@inheritDoc EventStore.watch} */
  watch(workspaceId: string, listener: (headSeq: number) => void): () => void {
    return this.log(workspaceId).watch(listener);
  }

  /** Has one log after the other forget something, until so much is forgotten. */
  #fromEach(limit: number, forget: (log: EventLog, rest: number) => number): number {
    let forgotten = 0;
    for (const log of this.#logs.values()) {
      if (forgotten === limit) break;
      forgotten += forget(log, limit - forgotten);
    }
    return forgotten;
  }

  /** A workspace that was only asked about leaves nothing behind. */
  #find(workspaceId: string): EventLog {
    return this.#logs.get(workspaceId) ?? new EventLog(workspaceId);
  }
}

/** Up to which time keys may be forgotten, in the form of an event's own. */
function keysSince(now: number): string {
  return new Date(now - dedupeKeyMs).toISOString();
}
