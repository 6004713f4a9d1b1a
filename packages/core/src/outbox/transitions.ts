import type { ErrorBody } from '../errors/gateway-error';
import { mergeReceipts } from '../messages/receipt';
import type { Carriage } from '../provider/send-outcome';
import { carrierOf } from './carriage';
import { changedRecord, endedAttempt, type RecordChanges } from './changed-record';
import type { AttemptRecord, MessageRecord } from './message-record';

/*
 * Every way in which a message can change, as pure functions. Store adapters load a record, apply
 * one of these, and write the result (with its event) in one transaction, so that all adapters
 * agree on what happens and differ only in where it is kept.
 */

/** What ended an attempt, as the store writes it. */
export type AttemptResult = Carriage & AttemptOutcome;

/** How an attempt ended, whoever carried it. */
export type AttemptOutcome =
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
      /** Whether the message was refused, or this way to WhatsApp is closed. */
      readonly scope?: 'message' | 'channel' | undefined;
    }
  | {
      /** Nothing left; it goes back into the queue. */
      readonly outcome: 'not_sent';
      /** Why. */
      readonly error: ErrorBody;
      /** Whether a limit kept it that passes by itself, or something else did. */
      readonly scope?: 'pace' | 'channel' | undefined;
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

/** A record after a change; `changed` tells whether its status moved, and an event is due. */
export interface Transition {
  /** The record as it is now. */
  readonly record: MessageRecord;
  /** Whether an event is due. */
  readonly changed: boolean;
}

/**
 * Begins an attempt: the write-ahead intent. Of tries in a row that met nothing but a limit only the
 * last is kept: a message may wait through any number of them.
 */
export function beginAttempt(
  record: MessageRecord,
  attempt: { readonly provider: string; readonly epoch: number; readonly now: number },
): MessageRecord {
  const { provider, epoch, now } = attempt;
  const number = (record.attempts.at(-1)?.number ?? 0) + 1;
  const earlier = record.attempts.filter(
    ({ scope }, index, all) => scope !== 'pace' || all[index + 1]?.scope !== 'pace',
  );
  return changedRecord(record, {
    status: 'sending',
    provider,
    updated_at: now,
    retry_at: undefined,
    error: undefined,
    attempts: [...earlier, { number, provider, epoch, started_at: now }],
  });
}

/**
 * Ends the last attempt. One that ended `unknown` may be ended again, by whoever found out what
 * became of it; a definite end is final, so that writing it twice changes nothing.
 */
export function finishAttempt(
  record: MessageRecord,
  result: AttemptResult,
  now: number,
): Transition {
  const last = record.attempts.at(-1);
  const isOpen = last?.outcome === undefined || last.outcome === 'unknown';
  const isNews = result.outcome !== last?.outcome;
  if (last === undefined) return { record, changed: false };
  if (!isOpen || !isNews) return { record: alsoCarried(record, last, result, now), changed: false };
  const ended = closed(last, result, now);
  const attempts = record.attempts.with(-1, ended);
  const base = { attempts, updated_at: now, provider: carrierOf(ended) };
  switch (result.outcome) {
    case 'sent':
      return settleSent(record, base, result.provider_message_id);
    case 'rejected':
      return settle(record, base, 'failed', result.error);
    case 'not_sent':
      return result.retry_at === undefined
        ? settle(record, base, 'failed', result.error)
        : requeue(record, base, result.error, result.retry_at);
    case 'unknown': {
      const known = { ...base, provider_message_id: result.provider_message_id };
      return result.retry_at === undefined
        ? settle(record, known, 'unknown', result.error)
        : requeue(record, known, result.error, result.retry_at);
    }
  }
}

/**
 * Ends an attempt whose owner died before it could write how it went: `unknown`, or back into the
 * queue when the message asks for `on_ambiguous: "retry"`. Call it for {@link isCutOff} records.
 */
export function cutOff(record: MessageRecord, now: number): Transition {
  const error: ErrorBody = {
    code: 'internal',
    message:
      'The instance that was sending this message stopped before it knew the answer. Look into the chat before you send it again.',
    retryable: false,
  };
  const retry = record.on_ambiguous === 'retry' ? { retry_at: now } : {};
  return finishAttempt(record, { outcome: 'unknown', error, ...retry }, now);
}

/** Ends a message that never left and has lost its point. */
export function expire(record: MessageRecord, now: number): Transition {
  if (record.status !== 'queued') return { record, changed: false };
  return { record: changedRecord(record, { status: 'expired', updated_at: now }), changed: true };
}

/** Whether an attempt was begun and never ended: after a crash nobody can tell whether it left. */
export function isCutOff(record: MessageRecord): boolean {
  const last = record.attempts.at(-1);
  return record.status === 'sending' && last !== undefined && last.outcome === undefined;
}

function closed(attempt: AttemptRecord, result: AttemptResult, now: number): AttemptRecord {
  return endedAttempt(attempt, {
    finished_at: now,
    outcome: result.outcome,
    provider_message_id: 'provider_message_id' in result ? result.provider_message_id : undefined,
    error: 'error' in result ? result.error : undefined,
    scope: 'scope' in result ? result.scope : undefined,
    via: result.via,
    hops: result.hops,
  });
}

/** An attempt that a report has proven meanwhile ends with news still: which member carried it. */
function alsoCarried(
  record: MessageRecord,
  last: AttemptRecord,
  result: AttemptResult,
  now: number,
): MessageRecord {
  const { provider_message_id: id } = last;
  const isSame = result.outcome === 'sent' && result.provider_message_id === id;
  if (!isSame || last.via !== undefined || result.via === undefined) return record;
  const attempts = record.attempts.with(-1, closed(last, result, now));
  const changes = { attempts, updated_at: now };
  const isPresent = record.provider_message_id === id;
  return changedRecord(record, isPresent ? { ...changes, provider: result.via } : changes);
}

/** What every end of an attempt changes. */
type AttemptEnded = Required<Pick<RecordChanges, 'attempts' | 'updated_at' | 'provider'>>;

function settleSent(record: MessageRecord, end: AttemptEnded, id: string): Transition {
  // A refusal of an earlier attempt's message says nothing about this one.
  const isOther = record.provider_message_id !== id;
  const before = isOther && record.status === 'failed' ? 'sending' : record.status;
  const status = mergeReceipts(before, 'sent');
  const { attempts, updated_at, provider } = end;
  const error = status === 'failed' ? record.error : undefined;
  const changes = { attempts, updated_at, provider, error, status, provider_message_id: id };
  return {
    record: changedRecord(record, changes),
    changed: status !== record.status || isOther,
  };
}

/** A receipt may have overtaken the outcome: what it proved of any attempt stands. */
function settle(
  record: MessageRecord,
  base: RecordChanges,
  status: 'failed' | 'unknown',
  error: ErrorBody,
): Transition {
  const isProven = mergeReceipts(record.status, 'sent') === record.status;
  const isSame = isProven || record.status === status;
  return isSame
    ? { record: changedRecord(record, unmoved(base)), changed: false }
    : { record: changedRecord(record, { ...base, status, error }), changed: true };
}

/** Back into the queue, unless a receipt has shown meanwhile that the message did leave. */
function requeue(
  record: MessageRecord,
  base: RecordChanges,
  error: ErrorBody,
  retryAt: number,
): Transition {
  const wasTold = record.status === 'unknown';
  if (record.status !== 'sending' && !wasTold) {
    return { record: changedRecord(record, unmoved(base)), changed: false };
  }
  const changes: RecordChanges = { ...base, status: 'queued', error, retry_at: retryAt };
  return { record: changedRecord(record, changes), changed: wasTold };
}

/** A message that an earlier attempt has brought there stays that one's. */
function unmoved({ provider: _, ...changes }: RecordChanges): RecordChanges {
  return changes;
}
