import type { LaneName } from '../../messages/outgoing-message';
import type { MessageRecord } from '../../outbox/message-record';
import { heldReceiptLimits, mergeHeld, type Receipt } from '../../outbox/receipts';
import type { OutboxDepth } from '../outbox-store';
import { ExpiringMap } from './expiring-map';
import { SessionQueue } from './session-queue';

/** What the outbox knows of one session's messages, by state and by WhatsApp's ids. */
export class SessionShelf {
  /** The queued messages. */
  readonly queue: SessionQueue<MessageRecord> = new SessionQueue();
  /** The ids of the messages in flight. */
  readonly sending: Set<string> = new Set();
  readonly #queued: Record<LaneName, number> = { interactive: 0, bulk: 0 };
  #unknown = 0;
  /** WhatsApp's ids of messages, to the gateway's. */
  readonly #ids = new Map<string, string>();
  readonly #held = new ExpiringMap<Receipt>(heldReceiptLimits.perSession);

  /** How many messages are where. */
  get depth(): OutboxDepth {
    return { queued: { ...this.#queued }, sending: this.sending.size, unknown: this.#unknown };
  }

  /** Follows a message from one state to the next; `undefined` stands for none. */
  follow(before: MessageRecord | undefined, after: MessageRecord | undefined, now: number): void {
    if (before !== undefined) this.#leave(before);
    if (after !== undefined) this.#enter(after, now);
    else if (before !== undefined) for (const id of idsOf(before)) this.#ids.delete(id);
  }

  /** The gateway's id of the message that WhatsApp knows by an id. */
  find(providerMessageId: string): string | undefined {
    return this.#ids.get(providerMessageId);
  }

  /** Remembers a report about an id that no message has yet. */
  hold(id: string, receipt: Receipt, now: number): void {
    const merged = mergeHeld(this.#held.get(id, now), receipt);
    this.#held.set(id, merged, now + heldReceiptLimits.ttlMs, now);
  }

  /** The report that came before the id was known, if one did; forgotten from now on. */
  takeHeld(id: string, now: number): Receipt | undefined {
    const receipt = this.#held.get(id, now);
    this.#held.delete(id);
    return receipt;
  }

  #enter(record: MessageRecord, now: number): void {
    for (const id of idsOf(record)) this.#ids.set(id, record.message_id);
    if (record.status === 'queued') {
      this.#queued[record.lane]++;
      this.queue.add(record, now);
    } else if (record.status === 'sending') {
      this.sending.add(record.message_id);
    } else if (record.status === 'unknown') {
      this.#unknown++;
    }
  }

  #leave(record: MessageRecord): void {
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

/** Every id that WhatsApp ever gave a message. */
function idsOf(record: MessageRecord): readonly string[] {
  const ids = record.attempts.flatMap(({ provider_message_id: id }) => id ?? []);
  return record.provider_message_id === undefined ? ids : [...ids, record.provider_message_id];
}
