import type { MessageRecord } from './message-record';

/** The times that decide when a queued message is due. */
export type Due = Pick<MessageRecord, 'send_at' | 'expires_at' | 'retry_at'>;

/**
 * From when on a lane has something to do with a queued message, milliseconds since 1970; 0 for at
 * once. That is its scheduled time, or the end of its back-off, or its expiry if that comes first:
 * a message that is over is offered too, for the lane to end it.
 */
export function dueAt(record: Due): number {
  const start = record.retry_at ?? record.send_at ?? 0;
  return record.expires_at === undefined ? start : Math.min(start, record.expires_at);
}

/**
 * Whether a queued message holds up those behind it in its lane that go to the same recipient:
 * one that backs off does, or a retry would be overtaken; one that is scheduled does not.
 */
export function holdsUp(record: Due, now: number): boolean {
  return record.retry_at !== undefined && dueAt(record) > now;
}
