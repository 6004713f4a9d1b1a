import { parseRecipient } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';

// Opens a store, has one message accepted, tells its id, and holds the file until it is killed.
const store = sqliteStore({ path: process.argv[2] ?? '' });
await store.start();
const message = {
  message_id: 'msg_held',
  workspace_id: 'ws',
  session_id: 'main',
  recipient: parseRecipient('4915550001111'),
  content: { type: 'text', text: { body: 'hello' } },
  lane: 'interactive',
  on_ambiguous: 'hold',
  idempotency_key: 'key-of-msg_held',
  created_at: 1_000,
} as const;
await store.outbox.accept(message, 'd', 1_000);
process.send?.(message.message_id);
setInterval(() => undefined, 1_000);
