import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewMessage, parseRecipient } from '@blazz/core';
import { type SqliteStore, sqliteStore } from '@blazz/storage/sqlite';
import { afterEach } from 'vitest';

const folders: string[] = [];
const stores: SqliteStore[] = [];

/** A path in a folder of the test's own, which goes when the test is over. */
export async function somePath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blazz-sqlite-'));
  folders.push(folder);
  return join(folder, 'blazz.db');
}

/** A store over a file, stopped when the test is over. */
export async function openStore(path: string): Promise<SqliteStore> {
  const store = sqliteStore({ path });
  stores.push(store);
  await store.start();
  return store;
}

/** A message to somebody. */
export function aMessage(id: string, text: string = 'hello'): NewMessage {
  return {
    message_id: id,
    workspace_id: 'ws',
    session_id: 'main',
    recipient: parseRecipient('4915550001111'),
    content: { type: 'text', text: { body: text } },
    lane: 'interactive',
    on_ambiguous: 'hold',
    idempotency_key: `key-of-${id}`,
    created_at: 1_000,
  };
}

afterEach(async () => {
  for (const store of stores.splice(0)) await store.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
