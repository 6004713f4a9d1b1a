import type { MessageRecord, NewMessage } from '@blazz/core';
import type { Row } from './database';

/** What the store decides about a message, or changes later. All else stays as it was accepted. */
type State = Omit<MessageRecord, keyof NewMessage | 'position'> & { readonly retry_at?: number };

/** The fields that never change. */
const acceptedFields: ReadonlySet<string> = new Set<
  Exclude<keyof NewMessage, 'retry_at'> | 'position'
>([
  'message_id',
  'workspace_id',
  'session_id',
  'recipient',
  'content',
  'reply_to',
  'lane',
  'on_ambiguous',
  'idempotency_key',
  'created_at',
  'send_at',
  'expires_at',
  'position',
]);

/** How a message stands, as its row says it. */
export function encodeState(record: MessageRecord): string {
  const state: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (!acceptedFields.has(name)) state[name] = value;
  }
  return JSON.stringify(state);
}

/** A message of its rows: `position, body, state`. */
export function decodeMessage(row: Row): MessageRecord {
  const [position, body, state] = row;
  return {
    ...(JSON.parse(String(body)) as NewMessage),
    position: Number(position),
    ...(JSON.parse(String(state)) as State),
  };
}
