import { describe } from 'vitest';
import { eventLogContract } from './event-log-contract';
import { eventReaderContract } from './event-reader-contract';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What every `EventStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function eventContract(name: string, harness: StoreHarness): void {
  describe(`${name}: events`, () => {
    const under = eachWithStore(harness);
    eventLogContract(under);
    eventReaderContract(under);
  });
}
