import { GatewayError } from '../../errors/gateway-error';
import { decide } from '../../outbox/decision';
import type { MessageRecord, NewMessage } from '../../outbox/message-record';
import { applyReceipt, type Receipt } from '../../outbox/receipts';
import { statusEvent } from '../../outbox/status-event';
import {
  type AttemptResult,
  beginAttempt,
  cutOff,
  expire,
  finishAttempt,
  isCutOff,
  type Transition,
} from '../../outbox/transitions';
import type {
  AcceptResult,
  ClaimResult,
  DecideRequest,
  MessageQuery,
  OutboxDepth,
  OutboxStore,
  PruneRequest,
  SessionFence,
} from '../outbox-store';
import type { MemoryEvents } from './memory-events';
import type { MemoryLeases } from './memory-leases';
import { WorkspaceShelf } from './workspace-shelf';

/** The outbox in memory. No method awaits anything: each is a transaction by itself. */
export class MemoryOutbox implements OutboxStore {
  readonly #leases: MemoryLeases;
  readonly #events: MemoryEvents;
  readonly #workspaces = new Map<string, WorkspaceShelf>();

  /**
   * @param leases fences writes
   * @param events where changes are told
   */
  constructor(leases: MemoryLeases, events: MemoryEvents) {
    this.#leases = leases;
    this.#events = events;
  }

  /** {@inheritDoc OutboxStore.accept} */
  async accept(message: NewMessage, bodyDigest: string, keyTtlMs: number): Promise<AcceptResult> {
    const shelf = this.#workspaces.get(message.workspace_id) ?? new WorkspaceShelf();
    this.#workspaces.set(message.workspace_id, shelf);
    return shelf.accept(message, bodyDigest, keyTtlMs);
  }

  /** {@inheritDoc OutboxStore.replay} */
  async replay(
    workspaceId: string,
    idempotencyKey: string,
    bodyDigest: string,
    now: number,
  ): ReturnType<OutboxStore['replay']> {
    return this.#workspaces.get(workspaceId)?.replay(idempotencyKey, bodyDigest, now);
  }

  /** {@inheritDoc OutboxStore.get} */
  async get(workspaceId: string, messageId: string): Promise<MessageRecord | undefined> {
    return this.#workspaces.get(workspaceId)?.get(messageId);
  }

  /** {@inheritDoc OutboxStore.list} */
  async list(workspaceId: string, query: MessageQuery): Promise<readonly MessageRecord[]> {
    return this.#workspaces.get(workspaceId)?.list(query) ?? [];
  }

  /** {@inheritDoc OutboxStore.claim} */
  async claim(request: Parameters<OutboxStore['claim']>[0]): Promise<ClaimResult> {
    const { workspaceId, sessionId, now, limit, busy } = request;
    return this.#shelf(workspaceId).session(sessionId).queue.claim(now, limit, busy);
  }

  /** {@inheritDoc OutboxStore.beginAttempt} */
  async beginAttempt(
    fence: SessionFence,
    messageId: string,
    provider: string,
    now: number,
  ): Promise<MessageRecord | undefined> {
    this.#leases.check(fence);
    const record = this.#find(fence, messageId);
    if (record?.status !== 'queued') return undefined;
    const begun = beginAttempt(record, { provider, epoch: fence.epoch, now });
    return this.#write(record, { record: begun, changed: false }, now);
  }

  /** {@inheritDoc OutboxStore.finishAttempt} */
  async finishAttempt(
    fence: SessionFence,
    messageId: string,
    result: AttemptResult,
    now: number,
  ): Promise<MessageRecord> {
    this.#leases.check(fence);
    const record = this.#find(fence, messageId);
    if (record === undefined) {
      throw new GatewayError('not_found', 'This session has no such message to finish.', {
        details: { message_id: messageId },
      });
    }
    const finished = finishAttempt(record, result, now);
    const id = finished.record.provider_message_id;
    return this.#write(record, this.#mergeHeld(fence, finished, id, now), now);
  }

  /** {@inheritDoc OutboxStore.expire} */
  async expire(
    fence: SessionFence,
    messageId: string,
    now: number,
  ): Promise<MessageRecord | undefined> {
    this.#leases.check(fence);
    const record = this.#find(fence, messageId);
    return record && this.#write(record, expire(record, now), now);
  }

  /** {@inheritDoc OutboxStore.decide} */
  async decide(request: DecideRequest): Promise<Transition | undefined> {
    const { workspaceId, messageId, decision, by, now } = request;
    const record = this.#workspaces.get(workspaceId)?.get(messageId);
    if (record === undefined) return undefined;
    const decided = decide(record, decision, by, now);
    return { ...decided, record: this.#write(record, decided, now) };
  }

  /** {@inheritDoc OutboxStore.applyReceipt} */
  async applyReceipt(
    fence: SessionFence,
    providerMessageId: string,
    receipt: Receipt,
    now: number,
  ): Promise<MessageRecord | undefined> {
    this.#leases.check(fence);
    const session = this.#shelf(fence.workspaceId).session(fence.sessionId);
    const messageId = session.find(providerMessageId) ?? receipt.tracker?.message_id;
    const record = messageId === undefined ? undefined : this.#find(fence, messageId);
    const merged = record && applyReceipt(record, providerMessageId, receipt, now);
    if (record !== undefined && merged !== undefined) {
      return this.#write(record, this.#mergeHeld(fence, merged, providerMessageId, now), now);
    }
    session.hold(providerMessageId, receipt, now);
    return undefined;
  }

  /** {@inheritDoc OutboxStore.recover} */
  async recover(fence: SessionFence, now: number): Promise<readonly MessageRecord[]> {
    this.#leases.check(fence);
    const { sending } = this.#shelf(fence.workspaceId).session(fence.sessionId);
    return [...sending]
      .flatMap((id) => this.#find(fence, id) ?? [])
      .filter((record) => isCutOff(record) && (record.attempts.at(-1)?.epoch ?? 0) < fence.epoch)
      .sort((a, b) => a.position - b.position)
      .map((record) => this.#write(record, cutOff(record, now), now));
  }

  /** {@inheritDoc OutboxStore.depth} */
  async depth(workspaceId: string, sessionId: string): Promise<OutboxDepth> {
    return this.#shelf(workspaceId).session(sessionId).depth;
  }

  /** {@inheritDoc OutboxStore.prune} */
  async prune(request: PruneRequest): Promise<number> {
    return this.#workspaces.get(request.workspaceId)?.prune(request) ?? 0;
  }

  /** A report may have come before whatever made its id known. */
  #mergeHeld(
    fence: SessionFence,
    after: Transition,
    id: string | undefined,
    now: number,
  ): Transition {
    if (id === undefined) return after;
    const held = this.#shelf(fence.workspaceId).session(fence.sessionId).takeHeld(id, now);
    const merged = held && applyReceipt(after.record, id, held, now);
    if (merged === undefined) return after;
    return { record: merged.record, changed: after.changed || merged.changed };
  }

  #write(before: MessageRecord, after: Transition, now: number): MessageRecord {
    if (after.record === before) return before;
    const record = this.#shelf(before.workspace_id).write(before, after.record, now);
    if (after.changed) this.#events.log(record.workspace_id).append([statusEvent(record, now)]);
    return record;
  }

  /** The message, if it is one of the fence's session. */
  #find(fence: SessionFence, messageId: string): MessageRecord | undefined {
    const record = this.#workspaces.get(fence.workspaceId)?.get(messageId);
    return record?.session_id === fence.sessionId ? record : undefined;
  }

  /** A workspace that was only asked about leaves nothing behind. */
  #shelf(workspaceId: string): WorkspaceShelf {
    return this.#workspaces.get(workspaceId) ?? new WorkspaceShelf();
  }
}
