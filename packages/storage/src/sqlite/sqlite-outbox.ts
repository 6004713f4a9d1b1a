import {
  type AcceptResult,
  type AttemptResult,
  type ClaimResult,
  type DecideRequest,
  GatewayError,
  type MessageQuery,
  type MessageRecord,
  type NewMessage,
  type OutboxDepth,
  type OutboxStore,
  type PruneRequest,
  type Receipt,
  type SessionFence,
  type Transition,
} from '@blazz/core';
import {
  applyReceipt,
  beginAttempt,
  cutOff,
  decide,
  expire,
  finishAttempt,
  isCutOff,
  statusEvent,
} from '@blazz/core/adapters';
import { Acceptance } from './acceptance';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { HeldReceipts } from './held-receipts';
import { LiveMessages } from './live-messages';
import { MessageFinder } from './message-finder';
import { MessageWriter } from './message-writer';
import type { SqliteEvents } from './sqlite-events';
import type { SqliteLeases } from './sqlite-leases';

/** The outbox on disk. */
export class SqliteOutbox implements OutboxStore, Part {
  readonly #committer: Committer;
  readonly #leases: SqliteLeases;
  readonly #events: SqliteEvents;
  readonly #live: LiveMessages;
  readonly #finder: MessageFinder;
  readonly #writer: MessageWriter;
  readonly #held: HeldReceipts;
  readonly #acceptance: Acceptance;

  /**
   * @param database where the messages are
   * @param committer what writes go through
   * @param leases fences writes
   * @param events where changes are told, in the same transaction
   */
  constructor(
    database: Database,
    committer: Committer,
    leases: SqliteLeases,
    events: SqliteEvents,
  ) {
    this.#committer = committer;
    this.#leases = leases;
    this.#events = events;
    this.#live = new LiveMessages(database);
    this.#finder = new MessageFinder(database);
    this.#writer = new MessageWriter(database);
    this.#held = new HeldReceipts(database, this.#live);
    this.#acceptance = new Acceptance(database, this.#live, this.#writer);
    committer.add(this.#acceptance);
  }

  /** {@inheritDoc OutboxStore.accept} */
  accept(message: NewMessage, bodyDigest: string, keyTtlMs: number): Promise<AcceptResult> {
    return this.#committer.write(() => this.#acceptance.accept(message, bodyDigest, keyTtlMs));
  }

  /** {@inheritDoc OutboxStore.replay} */
  replay(
    workspaceId: string,
    idempotencyKey: string,
    bodyDigest: string,
    now: number,
  ): ReturnType<OutboxStore['replay']> {
    return this.#committer.read(() =>
      this.#acceptance.replay(workspaceId, idempotencyKey, bodyDigest, now),
    );
  }

  /** {@inheritDoc OutboxStore.get} */
  get(workspaceId: string, messageId: string): Promise<MessageRecord | undefined> {
    return this.#committer.read(() => this.#live.find(workspaceId, messageId));
  }

  /** {@inheritDoc OutboxStore.list} */
  list(workspaceId: string, query: MessageQuery): Promise<readonly MessageRecord[]> {
    return this.#committer.read(() => this.#finder.list(workspaceId, query));
  }

  /** {@inheritDoc OutboxStore.claim} */
  claim(request: Parameters<OutboxStore['claim']>[0]): Promise<ClaimResult> {
    const { workspaceId, sessionId, now, limit, busy } = request;
    // Each message claimed is attempted next, by a write.
    return this.#committer.peek(() => {
      const { queue } = this.#live.session(workspaceId, sessionId);
      const { messages, nextAt } = queue.claim(now, limit, busy);
      const records = messages.flatMap(
        ({ message_id }) => this.#live.find(workspaceId, message_id) ?? [],
      );
      return { messages: records, nextAt };
    });
  }

  /** {@inheritDoc OutboxStore.beginAttempt} */
  beginAttempt(
    fence: SessionFence,
    messageId: string,
    provider: string,
    now: number,
  ): Promise<MessageRecord | undefined> {
    return this.#fenced(fence, () => {
      const record = this.#live.findOf(fence, messageId);
      if (record?.status !== 'queued') return undefined;
      return this.#put(record, beginAttempt(record, { provider, epoch: fence.epoch, now }), now);
    });
  }

  /** {@inheritDoc OutboxStore.finishAttempt} */
  finishAttempt(
    fence: SessionFence,
    messageId: string,
    result: AttemptResult,
    now: number,
  ): Promise<MessageRecord> {
    return this.#fenced(fence, () => {
      const record = this.#live.findOf(fence, messageId);
      if (record === undefined) {
        throw new GatewayError('not_found', 'This session has no such message to finish.', {
          details: { message_id: messageId },
        });
      }
      const finished = finishAttempt(record, result, now);
      const id = finished.record.provider_message_id;
      return this.#move(record, this.#held.merge(fence, finished, id, now), now);
    });
  }

  /** {@inheritDoc OutboxStore.expire} */
  expire(fence: SessionFence, messageId: string, now: number): Promise<MessageRecord | undefined> {
    return this.#fenced(fence, () => {
      const record = this.#live.findOf(fence, messageId);
      return record && this.#move(record, expire(record, now), now);
    });
  }

  /** {@inheritDoc OutboxStore.decide} */
  decide(request: DecideRequest): Promise<Transition | undefined> {
    const { workspaceId, messageId, decision, by, now } = request;
    return this.#committer.write(() => {
      const record = this.#live.find(workspaceId, messageId);
      if (record === undefined) return undefined;
      const decided = decide(record, decision, by, now);
      return { ...decided, record: this.#move(record, decided, now) };
    });
  }

  /** {@inheritDoc OutboxStore.applyReceipt} */
  applyReceipt(
    fence: SessionFence,
    id: string,
    receipt: Receipt,
    now: number,
  ): Promise<MessageRecord | undefined> {
    return this.#fenced(fence, () => {
      // An id may have come with this very turn of the event loop.
      this.#writer.flush();
      const known = this.#finder.byProviderId(fence, id) ?? receipt.tracker?.message_id;
      const record = known === undefined ? undefined : this.#live.findOf(fence, known);
      const merged = record && applyReceipt(record, id, receipt, now);
      if (record !== undefined && merged !== undefined) {
        return this.#move(record, this.#held.merge(fence, merged, id, now), now);
      }
      this.#held.hold(fence, id, receipt, now);
      return undefined;
    });
  }

  /** {@inheritDoc OutboxStore.recover} */
  recover(fence: SessionFence, now: number): Promise<readonly MessageRecord[]> {
    return this.#fenced(fence, () => {
      const { sending } = this.#live.session(fence.workspaceId, fence.sessionId);
      return [...sending]
        .flatMap((id) => this.#live.findOf(fence, id) ?? [])
        .filter((record) => isCutOff(record) && (record.attempts.at(-1)?.epoch ?? 0) < fence.epoch)
        .sort((a, b) => a.position - b.position)
        .map((record) => this.#move(record, cutOff(record, now), now));
    });
  }

  /** {@inheritDoc OutboxStore.depth} */
  depth(workspaceId: string, sessionId: string): Promise<OutboxDepth> {
    return this.#committer.read(() => this.#live.session(workspaceId, sessionId).depth);
  }

  /** {@inheritDoc OutboxStore.prune} */
  prune(request: PruneRequest): Promise<number> {
    return this.#committer.write(() => {
      this.#writer.flush();
      this.#acceptance.keepLastPosition();
      const gone = this.#finder.prune(request);
      this.#live.forget(request.workspaceId, gone);
      return gone.length;
    });
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    this.#writer.flush();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#writer.discard();
    this.#live.clear();
  }

  #fenced<T>(fence: SessionFence, work: () => T): Promise<T> {
    return this.#committer.write(() => {
      this.#leases.check(fence);
      return work();
    });
  }

  #move(before: MessageRecord, after: Transition, now: number): MessageRecord {
    if (after.record === before) return before;
    if (after.changed) {
      this.#events.add(after.record.workspace_id, statusEvent(after.record, now));
    }
    return this.#put(before, after.record, now);
  }

  #put(before: MessageRecord | undefined, after: MessageRecord, now: number): MessageRecord {
    this.#writer.state(before, after);
    this.#live.follow(before, after, now);
    return after;
  }
}
