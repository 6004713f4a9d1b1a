import { isSettled } from '../../messages/receipt';
import { acceptedRecord } from '../../outbox/changed-record';
import type { MessageRecord, NewMessage } from '../../outbox/message-record';
import type { AcceptResult, MessageQuery, PruneRequest, ReplayResult } from '../outbox-store';
import { ExpiringMap } from './expiring-map';
import { SessionShelf } from './session-shelf';
import { seal, snapshot } from './snapshot';

/** All messages of one workspace. */
export class WorkspaceShelf {
  readonly #messages = new Map<string, MessageRecord>();
  /** The messages' ids and positions, oldest first. */
  #order: { readonly id: string; readonly position: number }[] = [];
  #lastPosition = 0;
  readonly #keys = new ExpiringMap<{ readonly digest: string; readonly messageId: string }>();
  readonly #sessions = new Map<string, SessionShelf>();

  /** The shelf of a session. */
  session(sessionId: string): SessionShelf {
    const shelf = this.#sessions.get(sessionId) ?? new SessionShelf();
    this.#sessions.set(sessionId, shelf);
    return shelf;
  }

  /** A message. */
  get(messageId: string): MessageRecord | undefined {
    return this.#messages.get(messageId);
  }

  /** What a key that is remembered is answered with. */
  replay(key: string, digest: string, now: number): ReplayResult | undefined {
    const used = this.#keys.get(key, now);
    const earlier = used && this.#messages.get(used.messageId);
    if (used === undefined || earlier === undefined) return undefined;
    return used.digest === digest ? { kind: 'replayed', message: earlier } : { kind: 'mismatch' };
  }

  /** Takes a message in, unless its key was used. */
  accept(message: NewMessage, digest: string, keyTtlMs: number): AcceptResult {
    const { idempotency_key: key, created_at: now, message_id: messageId } = message;
    const earlier = this.replay(key, digest, now);
    if (earlier !== undefined) return earlier;
    const position = ++this.#lastPosition;
    const own = {
      ...message,
      content: snapshot(message.content),
      recipient: snapshot(message.recipient),
    };
    const record = this.write(undefined, acceptedRecord(own, position), now);
    this.#order.push({ id: messageId, position });
    this.#keys.set(key, { digest, messageId }, now + keyTtlMs, now);
    return { kind: 'accepted', message: record };
  }

  /** Puts a message's new state in the place of the one before. */
  write(before: MessageRecord | undefined, after: MessageRecord, now: number): MessageRecord {
    const record = sealed(after);
    this.#messages.set(record.message_id, record);
    this.session(record.session_id).follow(before, record, now);
    return record;
  }

  /** A page of messages, newest first. */
  list(query: MessageQuery): readonly MessageRecord[] {
    const page: MessageRecord[] = [];
    const end = query.before === undefined ? this.#order.length : this.#indexOf(query.before);
    for (let i = end - 1; i >= 0 && page.length < query.limit; i--) {
      const record = this.#messages.get(this.#order[i]?.id ?? '');
      if (record === undefined) continue;
      if (query.sessionId !== undefined && record.session_id !== query.sessionId) continue;
      if (query.status === undefined || record.status === query.status) page.push(record);
    }
    return page;
  }

  /** Forgets settled messages. */
  prune({ before, now, limit }: PruneRequest): number {
    const gone = new Set<string>();
    for (const { id } of this.#order) {
      if (gone.size >= limit) break;
      const record = this.#messages.get(id);
      if (record === undefined || !isSettled(record.status) || record.status === 'unknown')
        continue;
      const key = this.#keys.get(record.idempotency_key, now);
      if (record.updated_at >= before || key?.messageId === id) continue;
      gone.add(id);
      this.#messages.delete(id);
      this.session(record.session_id).follow(record, undefined, now);
    }
    if (gone.size > 0) this.#order = this.#order.filter(({ id }) => !gone.has(id));
    return gone.size;
  }

  /** The index of the first message at a position or behind it. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Freezes a record whose recipient and content are snapshots, and what is new in it. */
function sealed(record: MessageRecord): MessageRecord {
  for (const attempt of record.attempts) if (!Object.isFrozen(attempt)) seal(attempt);
  Object.freeze(record.attempts);
  seal(record.error);
  seal(record.pricing);
  seal(record.decided);
  return Object.freeze(record);
}
