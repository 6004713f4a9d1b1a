import type { EventDraft } from '@blazz/core';

/** An event of about 489 bytes on the wire. */
export function fanoutEvent(number: number): EventDraft {
  return {
    id: `evt_${String(number).padStart(26, '0')}`,
    type: 'message.edited',
    session_id: 'session_bench',
    time: '2026-01-01T00:00:00.000Z',
    data: {
      provider_message_id: `3EB0${String(number).padStart(18, '0')}`,
      chat_id: '6281234567890@c.us',
      text: 'The parcel is on its way and arrives tomorrow between nine and twelve. '.repeat(3),
    },
  };
}
