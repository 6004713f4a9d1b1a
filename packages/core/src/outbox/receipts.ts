import type { ErrorBody } from '../errors/gateway-error';
import type { MessagePricing } from '../messages/pricing';
import { mergeReceipts, type ReceiptStatus } from '../messages/receipt';
import type { MessageTracker } from '../provider/provider-event';
import { carrierOf } from './carriage';
import { changedRecord, endedAttempt } from './changed-record';
import type { MessageRecord } from './message-record';
import type { Transition } from './transitions';

/** What was reported about a message from outside the attempt. */
export interface Receipt {
  /** How far it is. */
  readonly status: Extract<ReceiptStatus, 'sent' | 'delivered' | 'read' | 'played' | 'failed'>;
  /** Why it failed. */
  readonly error?: ErrorBody;
  /** Which message and attempt it is about, when the send carried that along. */
  readonly tracker?: MessageTracker;
  /** What WhatsApp charges for the message. */
  readonly pricing?: MessagePricing;
}

/**
 * Merges what WhatsApp reports under an id. Never takes a message back. An id that the message does
 * not have is news of the attempt that the tracker names: it did leave, whatever was believed of it.
 * A refusal counts only for the last attempt: an earlier one's does not undo a later one.
 * @returns `undefined` when the report is not about this message, as far as anybody can tell
 */
export function applyReceipt(
  record: MessageRecord,
  providerMessageId: string,
  receipt: Receipt,
  now: number,
): Transition | undefined {
  return record.attempts.some((attempt) => attempt.provider_message_id === providerMessageId)
    ? merge(record, providerMessageId, receipt, now)
    : prove(record, providerMessageId, receipt, now);
}

/** A report under an id that one of the attempts has. */
function merge(record: MessageRecord, id: string, receipt: Receipt, now: number): Transition {
  const isEarlier = record.attempts.at(-1)?.provider_message_id !== id;
  if (isEarlier && receipt.status === 'failed') return { record, changed: false };
  return climb(record, standing(record), receipt, now);
}

/** A report under a new id: it ends the attempt that it names, be it not the last one. */
function prove(
  record: MessageRecord,
  id: string,
  receipt: Receipt,
  now: number,
): Transition | undefined {
  const { tracker, status } = receipt;
  const index = record.attempts.findIndex(({ number }) => number === tracker?.attempt);
  const attempt = record.attempts[index];
  if (tracker?.message_id !== record.message_id || attempt === undefined) return undefined;
  // One attempt sends one message: under another id than its own it is about something else.
  if (attempt.provider_message_id !== undefined) return undefined;
  const sent = endedAttempt(attempt, {
    finished_at: now,
    outcome: 'sent',
    provider_message_id: id,
    error: undefined,
    scope: undefined,
    via: undefined,
    hops: undefined,
  });
  const attempts = record.attempts.with(index, sent);
  // Of several effects the latest attempt's is the one that the message goes by.
  const present = attempts.findLast((each) => each.provider_message_id !== undefined) ?? sent;
  const { provider_message_id } = present;
  const provider = carrierOf(present);
  const base = changedRecord(record, { attempts, provider_message_id, provider, updated_at: now });
  const isEarlier = attempt !== record.attempts.at(-1);
  if (isEarlier && status === 'failed') return { record: base, changed: false };
  return climb(base, standing(record), receipt, now);
}

/** Where a proof finds a message: a failure was only believed unless the last attempt has an id. */
function standing({ status, attempts }: MessageRecord): ReceiptStatus {
  const isBelief = status === 'failed' && attempts.at(-1)?.provider_message_id === undefined;
  return isBelief ? 'sending' : status;
}

function climb(
  record: MessageRecord,
  from: ReceiptStatus,
  receipt: Receipt,
  now: number,
): Transition {
  const status = mergeReceipts(from, receipt.status);
  if (status === from) return priced(record, receipt, now);
  const error = receipt.error ?? (record.status === status ? record.error : undefined);
  const { pricing } = receipt;
  const changes = { status, error, pricing, retry_at: undefined, updated_at: now };
  return { record: changedRecord(record, changes), changed: status !== record.status };
}

/** A report that comes late may still be the first to say what the message costs. */
function priced(record: MessageRecord, { pricing }: Receipt, now: number): Transition {
  const isNews = pricing !== undefined && record.pricing === undefined;
  return {
    record: isNews ? changedRecord(record, { pricing, updated_at: now }) : record,
    changed: false,
  };
}

/** How long, and how many, reports about ids that no message has yet are remembered per session. */
export const heldReceiptLimits: {
  /** How long one is remembered, in milliseconds. */
  readonly ttlMs: number;
  /** How many ids of one session at most; the oldest is dropped for a new one. */
  readonly perSession: number;
} = { ttlMs: 600_000, perSession: 1_000 };

/** The later of two reports about one id, for those that arrive before the id is known. */
export function mergeHeld(held: Receipt | undefined, receipt: Receipt): Receipt {
  if (held === undefined) return receipt;
  const isLater = mergeReceipts(held.status, receipt.status) !== held.status;
  const [later, other] = isLater ? [receipt, held] : [held, receipt];
  const pricing = later.pricing ?? other.pricing;
  return pricing === undefined ? later : { ...later, pricing };
}
