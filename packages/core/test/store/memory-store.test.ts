import { MemoryStore } from '@blazz/core';
import { storeContract } from '@blazz/simulator/contracts';

storeContract('MemoryStore', {
  create: async () => {
    const store = new MemoryStore();
    await store.start();
    return store;
  },
  // Nothing survives the process, but a gateway may stop and start over the same object.
  reopen: async (store) => {
    await store.stop();
    await store.start();
    return store;
  },
});
