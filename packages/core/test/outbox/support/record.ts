import type { ErrorBody, MessageRecord } from '@blazz/core';
import { beginAttempt } from '@blazz/core/adapters';

/** What kept an answer away. */
export const error: ErrorBody = { code: 'timeout', message: 'Nobody answered.', retryable: true };

/** A message in the queue. */
export function queued(facts: Partial<MessageRecord> = {}): MessageRecord {
  return {
    message_id: 'msg_a',
    workspace_id: 'ws',
    session_id: 'main',
    position: 1,
    recipient: { kind: 'phone', phone: '4915550001111', key: '4915550001111' },
    content: { type: 'text', text: { body: 'hello' } },
    lane: 'interactive',
    on_ambiguous: 'hold',
    idempotency_key: 'key',
    created_at: 1_000,
    updated_at: 1_000,
    status: 'queued',
    attempts: [],
    ...facts,
  };
}

/** The message with one more attempt under way. */
export const begin = (record: MessageRecord, now = 2_000): MessageRecord =>
  beginAttempt(record, { provider: 'scripted', epoch: 1, now });
