import { join } from 'node:path';
import { MemoryStore, type Store } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';
import type { Configuration } from '../config/configuration';

/** Makes the store that the configuration names; settings that cannot be had were refused before. */
export function openStore({ storage, dataDir }: Configuration): Store {
  return storage === 'memory'
    ? new MemoryStore()
    : sqliteStore({ path: join(dataDir, 'blazz.db') });
}
