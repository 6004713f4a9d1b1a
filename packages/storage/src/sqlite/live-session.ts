import type { LaneName, MessageRecord, OutboxDepth, Receipt } from '@blazz/core';
import {
  ExpiringMap,
  heldReceiptLimits,
  type QueuedMessage,
  SessionQueue,
} from '@blazz/core/adapters';

/** What is held in memory of one session: where its live messages are, not what they say. */
export class LiveSession {
  /** The queued messages. */
  readonly queue: SessionQueue<QueuedMessage> = new SessionQueue();
  /** The ids of the messages in flight. */
  readonly sending: Set<string> = new Set();
  /** Reports about ids that no message has yet. */
  readonly held: ExpiringMap<Receipt> = new ExpiringMap(heldReceiptLimits.perSession);
  readonly #queued: Record<LaneName, number> = { interactive: 0, bulk: 0 };
  #unknown = 0;

  /** How many messages are where. */
  get depth(): OutboxDepth {
    return { queued: { ...this.#queued }, sending: this.sending.size, unknown: this.#unknown };
  }

  /** Takes a message in, in the state that it is in. */
  enter(record: MessageRecord, now: number): void {
    if (record.status === 'queued') {
      this.#queued[record.lane]++;
      this.queue.add(slim(record), now);
    } else if (record.status === 'sending') {
      this.sending.add(record.message_id);
    } else if (record.status === 'unknown') {
      this.#unknown++;
    }
  }

  /** Takes a message out of the state that it was in. */
  leave(record: MessageRecord): void {
    if (record.status === 'queued') {
      this.#queued[record.lane]--;
      this.queue.remove(record.message_id);
    } else if (record.status === 'sending') {
      this.sending.delete(record.message_id);
    } else if (record.status === 'unknown') {
      this.#unknown--;
    }
  }
}

/** A campaign may queue a hundred thousand: their content stays on the disk. */
function slim(record: MessageRecord): QueuedMessage {
  const { message_id, position, lane, send_at, expires_at, retry_at } = record;
  return {
    message_id,
    position,
    lane,
    recipient: { key: record.recipient.key },
    ...(send_at === undefined ? {} : { send_at }),
    ...(expires_at === undefined ? {} : { expires_at }),
    ...(retry_at === undefined ? {} : { retry_at }),
  };
}
