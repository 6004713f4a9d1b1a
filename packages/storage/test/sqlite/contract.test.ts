import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '@blazz/simulator/contracts';
import { type SqliteStore, sqliteStore } from '@blazz/storage/sqlite';
import { afterAll } from 'vitest';

const folders: string[] = [];
const paths = new WeakMap<object, string>();

async function open(path: string): Promise<SqliteStore> {
  const store = sqliteStore({ path });
  await store.start();
  paths.set(store, path);
  return store;
}

storeContract('SqliteStore', {
  create: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazz-sqlite-'));
    folders.push(folder);
    return open(join(folder, 'blazz.db'));
  },
  reopen: async (store) => {
    await store.stop();
    return open(paths.get(store) ?? '');
  },
});

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
