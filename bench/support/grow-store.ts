import { parseRecipient } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';
import Libsql from 'libsql';

/** How large a store is to be. */
export interface StoreSize {
  /** Over how many workspaces what follows is spread. */
  readonly workspaces: number;
  /** How many messages; one in a hundred waits, the others were sent. */
  readonly messages: number;
  /** How many events. */
  readonly events: number;
}

/**
 * Makes a store file of that size: a few rows written by the store itself, and then copied by SQL
 * with ids of their own, which takes a minute instead of an hour.
 */
export async function growStore(path: string, size: StoreSize): Promise<void> {
  await plant(path);
  const { workspaces, messages, events } = size;
  const database = new Libsql(path);
  database.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576;
    BEGIN;
    CREATE TEMP TABLE seed AS
      SELECT m.*, s.status, s.state, m.body ->> 'message_id' AS id
      FROM messages m JOIN states s USING (position);
    CREATE TEMP TABLE seed_event AS SELECT * FROM events LIMIT 1;
    DELETE FROM messages; DELETE FROM states; DELETE FROM provider_ids; DELETE FROM events;
    CREATE TEMP TABLE fresh AS
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${messages})
      SELECT i, 'ws_' || (i % ${workspaces}) AS ws, 'msg_' || printf('%026d', i) AS id,
        lower(hex(randomblob(16))) AS key, iif(i % 100 < 99, 'sent', 'queued') AS status FROM n;
    INSERT INTO messages
      SELECT f.i, f.ws, f.id, s.created_at, f.key, s.body_digest, s.key_expires_at,
        json_set(s.body, '$.message_id', f.id, '$.workspace_id', f.ws, '$.idempotency_key', f.key)
      FROM fresh f JOIN seed s ON s.status = f.status ORDER BY f.i;
    INSERT INTO states
      SELECT f.i, f.ws, f.status, s.state FROM fresh f JOIN seed s ON s.status = f.status ORDER BY f.i;
    INSERT INTO provider_ids
      SELECT ws, 'main', '3EB0' || substr(upper(key), 1, 18), i FROM fresh WHERE status = 'sent';
    INSERT INTO events
      WITH RECURSIVE w (ws) AS (SELECT 0 UNION ALL SELECT ws + 1 FROM w WHERE ws < ${workspaces - 1}),
        n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.ceil(events / workspaces)})
      SELECT 'ws_' || ws, i, e.type, e.session_id, iif(i % 5 = 0, 'in-' || hex(randomblob(10)), NULL),
        json_set(e.event, '$.seq', i, '$.workspace_id', 'ws_' || ws, '$.id', 'evt_' || printf('%026d', i))
      FROM w, n, seed_event e;
    ${asBeforeKeyLog}
    COMMIT;
  `);
  database.close();
  // Brought up to date, the store finds the new keys by itself.
  await using store = sqliteStore({ path });
  await store.start();
}

/** Takes the schema back to before keys were logged by their hash, which SQL cannot make. */
const asBeforeKeyLog = `
  DROP TABLE used_keys;
  DROP TABLE used_nonces;
  DELETE FROM marks WHERE name = 'name_seed';
  CREATE INDEX messages_by_key ON messages (workspace_id, idempotency_key);
  CREATE TABLE nonces (key_id TEXT, nonce TEXT, expires_at INTEGER);
  PRAGMA user_version = 6;
`;

/** One message that was sent, one that waits, and their events, as the store writes them. */
async function plant(path: string): Promise<void> {
  await using store = sqliteStore({ path });
  await store.start();
  const { outbox } = store;
  const fence = { workspaceId: 'ws_0', sessionId: 'main', epoch: 1 };
  const now = Date.now();
  for (const message_id of ['msg_sent', 'msg_queued']) {
    const message = {
      message_id,
      workspace_id: 'ws_0',
      session_id: 'main',
      recipient: parseRecipient('6281234567890'),
      content: { type: 'text', text: { body: 'Your order is on its way and arrives tomorrow.' } },
      lane: 'interactive',
      on_ambiguous: 'hold',
      idempotency_key: message_id,
      created_at: now,
    } as const;
    await outbox.accept(message, 'digest-of-it', 259_200_000);
  }
  await outbox.beginAttempt(fence, 'msg_sent', 'scripted', now);
  const sent = { outcome: 'sent', provider_message_id: '3EB0' } as const;
  await outbox.finishAttempt(fence, 'msg_sent', sent, now);
}
