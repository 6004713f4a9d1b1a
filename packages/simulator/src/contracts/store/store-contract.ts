import { describe, expect, it } from 'vitest';
import { deliveryContract } from './delivery-contract';
import { eventContract } from './event-contract';
import { intakeContract } from './intake-contract';
import { leaseContract } from './lease-contract';
import { nonceContract } from './nonce-contract';
import { outboxContract } from './outbox-contract';
import { reopenContract } from './reopen-contract';
import { sessionContract } from './session-contract';
import { eachWithStore, type StoreHarness } from './store-harness';
import { workspaceContract } from './workspace-contract';

/**
 * What every `Store` keeps to: the contracts of all its ports, and its life. Registers `describe`
 * blocks with vitest.
 * @param name what the blocks are called
 */
export function storeContract(name: string, harness: StoreHarness): void {
  describe(`${name}: life`, () => {
    const under = eachWithStore(harness);

    it('stops as often as it is told', async () => {
      const { store } = under;
      expect(['process', 'disk', 'server']).toContain(store.durability);
      await Promise.all([store.stop(), store.stop()]);
      await store.stop();
      await store[Symbol.asyncDispose]();
    });
  });
  outboxContract(name, harness);
  eventContract(name, harness);
  leaseContract(name, harness);
  nonceContract(name, harness);
  sessionContract(name, harness);
  workspaceContract(name, harness);
  deliveryContract(name, harness);
  intakeContract(name, harness);
  reopenContract(name, harness);
}
