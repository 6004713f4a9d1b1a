import type { ErrorBody } from '../errors/gateway-error';
import { mergeReceipts, type ReceiptStatus } from '../messages/receipt';
import type { SendOutcome } from '../provider/send-outcome';
import type { AttemptRecord, MessageRecord } from './message-record';

/*
 * Every way in which a message can change, as pure functions. Store adapters load a record, apply
 * one of these, and write the result (with its event) in one transaction, so that all adapters
 * agree on what happens and differ only in where it is kept.
 */

/** What ended an attempt, as the store writes it. */
export type AttemptResult =
  | {
      /** WhatsApp has it. */
      readonly outcome: 'sent';
      /** WhatsApp's id. */
      readonly provider_message_id: string;
    }
  | {
      /** WhatsApp said no, or the last try was used up. */
      readonly outcome: 'rejected';
      /** Why. */
      readonly error: ErrorBody;
    }
  | {
      /** Nothing left; it goes back into the queue. */
      readonly outcome: 'not_sent';
      /** Why. */
      readonly error: ErrorBody;
      /** When to try again, milliseconds since 1970; `undefined` gives up: the message failed. */
      readonly retry_at: number | undefined;
    }
  | {
      /** It may have left. With `on_ambiguous: "retry"` and a `retry_at` it goes back into the queue. */
      readonly outcome: 'unknown';
      /** What kept the answer away. */
      readonly error: ErrorBody;
      /** WhatsApp's id, when the page had given one. */
      readonly provider_message_id?: string;
      /** When to try again, for messages that ask for it. */
      readonly retry_at?: number;
    };

/** What was reported about a message from outside the attempt. */
export interface Receipt {
  /** How far it is. */
  readonly status: Extract<ReceiptStatus, 'sent' | 'delivered' | 'read' | 'played' | 'failed'>;
  /** Why it failed. */
  readonly error?: ErrorBody;
}

/** A record after a change; `changed` tells whether its status moved, and an event is due. */
export interface Transition {
  /** The record as it is now. */
  readonly record: MessageRecord;
  /** Whether an event is due. */
  readonly changed: boolean;
}

/** Begins an attempt: the write-ahead intent. */
export function beginAttempt(
  record: MessageRecord,
  attempt: { readonly provider: string; readonly epoch: number; readonly now: number },
): MessageRecord {
  const { provider, epoch, now } = attempt;
  const number = record.attempts.length + 1;
  const { retry_at: _, error: __, ...rest } = record;
  return {
    ...rest,
    status: 'sending',
    provider,
    updated_at: now,
    attempts: [...record.attempts, { number, provider, epoch, started_at: now }],
  };
}

/** Ends the last attempt. */
export function finishAttempt(
  record: MessageRecord,
  result: AttemptResult,
  now: number,
): Transition {
  const attempts = closeLast(record.attempts, result, now);
  const base: MessageRecord = { ...record, attempts, updated_at: now };
  switch (result.outcome) {
    case 'sent':
      return settle(base, 'sent', { provider_message_id: result.provider_message_id });
    case 'rejected':
      return settle(base, 'failed', { error: result.error });
    case 'not_sent':
      return result.retry_at === undefined
        ? settle(base, 'failed', { error: result.error })
        : requeue(base, result.error, result.retry_at);
    case 'unknown': {
      const id = result.provider_message_id;
      const known = id === undefined ? base : { ...base, provider_message_id: id };
      return result.retry_at === undefined
        ? settle(known, 'unknown', { error: result.error })
        : requeue(known, result.error, result.retry_at);
    }
  }
}

/** Merges what WhatsApp reports. Never takes a message back. */
export function applyReceipt(record: MessageRecord, receipt: Receipt, now: number): Transition {
  const status = mergeReceipts(record.status, receipt.status);
  if (status === record.status) return { record, changed: false };
  const { error: _, ...rest } = record;
  const error = receipt.error === undefined ? {} : { error: receipt.error };
  return { record: { ...rest, ...error, status, updated_at: now }, changed: true };
}

/** Ends a message that never left and has lost its point. */
export function expire(record: MessageRecord, now: number): Transition {
  if (record.status !== 'queued') return { record, changed: false };
  return settle({ ...record, updated_at: now }, 'expired', {});
}

/** Whether an attempt was begun and never ended: after a crash nobody can tell whether it left. */
export function isCutOff(record: MessageRecord): boolean {
  const last = record.attempts.at(-1);
  return record.status === 'sending' && last !== undefined && last.outcome === undefined;
}

function closeLast(
  attempts: readonly AttemptRecord[],
  result: AttemptResult,
  now: number,
): readonly AttemptRecord[] {
  const last = attempts.at(-1);
  if (last === undefined) return attempts;
  const error = 'error' in result ? { error: result.error } : {};
  const outcome: SendOutcome['status'] = result.outcome;
  return [...attempts.slice(0, -1), { ...last, finished_at: now, outcome, ...error }];
}

function settle(
  record: MessageRecord,
  status: ReceiptStatus,
  facts: { readonly error?: ErrorBody; readonly provider_message_id?: string },
): Transition {
  // A receipt may have overtaken the outcome; the lattice keeps the later of the two.
  return {
    record: { ...record, ...facts, status: mergeReceipts(record.status, status) },
    changed: true,
  };
}

function requeue(record: MessageRecord, error: ErrorBody, retryAt: number): Transition {
  return { record: { ...record, status: 'queued', error, retry_at: retryAt }, changed: false };
}
