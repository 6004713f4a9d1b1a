import type { EventDraft } from '../events/event';
import { newId } from '../ids';
import type { MessageRecord } from './message-record';

/** The event that tells how a message stands now. Store adapters append it with the change itself. */
export function statusEvent(record: MessageRecord, now: number): EventDraft {
  const attempt = record.attempts.at(-1)?.number;
  return {
    id: newId('evt', now),
    type: record.status === 'unknown' ? 'message.unknown' : 'message.status',
    session_id: record.session_id,
    time: new Date(now).toISOString(),
    data: {
      message_id: record.message_id,
      status: record.status,
      ...(record.provider_message_id === undefined
        ? {}
        : { provider_message_id: record.provider_message_id }),
      ...(record.provider === undefined ? {} : { provider: record.provider }),
      ...(attempt === undefined ? {} : { attempt }),
      ...(record.error === undefined ? {} : { error: record.error }),
      ...(record.pricing === undefined ? {} : { pricing: record.pricing }),
    },
  };
}
