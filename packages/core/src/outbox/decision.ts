import type { ErrorBody } from '../errors/gateway-error';
import { changedRecord, type RecordChanges } from './changed-record';
import type { MessageRecord } from './message-record';
import { finishAttempt, type Transition } from './transitions';

/** What somebody who looked into the chat decides on a message whose outcome nobody could tell. */
export type Decision =
  | {
      /** It did not arrive: it goes back into the queue, and is sent once more. */
      readonly decision: 'retry';
    }
  | {
      /** It did arrive. */
      readonly decision: 'mark_sent';
      /** WhatsApp's id, when it is known: receipts find the message by it. */
      readonly provider_message_id?: string | undefined;
    }
  | {
      /** It did not arrive, and is not to be sent any more. */
      readonly decision: 'mark_failed';
    };

/** A decision as the record keeps it. */
export interface DecisionRecord {
  /** What was decided. */
  readonly decision: Decision['decision'];
  /** Who decided: the id of a key, or a name that the application gave. */
  readonly by: string;
  /** When, milliseconds since 1970. */
  readonly at: number;
}

/** Every kind of decision. */
export const decisions: readonly Decision['decision'][] = ['retry', 'mark_sent', 'mark_failed'];

/**
 * Decides on a message that is `unknown`; any other is left as it is, since whoever was first has
 * settled it. After a `retry` a late proof that the first try did arrive still counts, and takes
 * the message out of the queue again if it has not left it yet.
 */
export function decide(
  record: MessageRecord,
  decision: Decision,
  by: string,
  now: number,
): Transition {
  if (record.status !== 'unknown') return { record, changed: false };
  const decided = { decision: decision.decision, by, at: now };
  const noted = { decided, updated_at: now };
  switch (decision.decision) {
    case 'retry':
      return moved(record, { ...noted, status: 'queued', retry_at: now });
    case 'mark_failed':
      return moved(record, { ...noted, status: 'failed', error: failedByHand });
    case 'mark_sent':
      return markSent(changedRecord(record, noted), decision.provider_message_id, now);
  }
}

const failedByHand: ErrorBody = {
  code: 'rejected',
  message: 'Somebody looked into it and marked the message as failed.',
  retryable: false,
};

function markSent(record: MessageRecord, id: string | undefined, now: number): Transition {
  const known = id ?? record.provider_message_id;
  if (known !== undefined) {
    return finishAttempt(record, { outcome: 'sent', provider_message_id: known }, now);
  }
  return moved(record, { status: 'sent', error: undefined });
}

function moved(record: MessageRecord, changes: RecordChanges): Transition {
  return { record: changedRecord(record, changes), changed: true };
}
