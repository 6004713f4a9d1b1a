import type { EventDraft, MessageStatusData } from '../events/event';
import { newId } from '../ids';
import { mergeReceipts } from '../messages/receipt';
import type { AttemptRecord, MessageRecord } from './message-record';

/** The event that tells how a message stands now. Store adapters append it with the change itself. */
export function statusEvent(record: MessageRecord, now: number): EventDraft {
  return {
    id: newId('evt', now),
    type: record.status === 'unknown' ? 'message.unknown' : 'message.status',
    session_id: record.session_id,
    time: new Date(now).toISOString(),
    data: statusData(record),
  };
}

/** Assigned one by one: spreads of what may be missing take ten times as long. */
function statusData(record: MessageRecord): MessageStatusData {
  const { message_id, status, provider_message_id, provider, error, pricing } = record;
  const attempt = attemptOf(record);
  const data: { -readonly [K in keyof MessageStatusData]: MessageStatusData[K] } = {
    message_id,
    status,
  };
  if (provider_message_id !== undefined) data.provider_message_id = provider_message_id;
  if (provider !== undefined) data.provider = provider;
  if (attempt !== undefined) data.attempt = attempt.number;
  if (attempt?.hops !== undefined) data.hops = attempt.hops;
  if (error !== undefined) data.error = error;
  if (pricing !== undefined) data.pricing = pricing;
  return data;
}

/** The attempt that a status is about: the one whose id the message has, once it is there. */
function attemptOf(record: MessageRecord): AttemptRecord | undefined {
  const { status, attempts, provider_message_id: id } = record;
  const hasArrived = mergeReceipts(status, 'sent') === status && status !== 'failed';
  const carrier = attempts.findLast((each) => each.provider_message_id === id);
  return (hasArrived ? carrier : undefined) ?? attempts.at(-1);
}
