import { describe } from 'vitest';
import { outboxAcceptContract } from './outbox-accept-contract';
import { outboxAttemptContract } from './outbox-attempt-contract';
import { outboxClaimContract } from './outbox-claim-contract';
import { outboxDecisionContract } from './outbox-decision-contract';
import { outboxReceiptContract } from './outbox-receipt-contract';
import { outboxTrackerContract } from './outbox-tracker-contract';
import { outboxUpkeepContract } from './outbox-upkeep-contract';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What every `OutboxStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function outboxContract(name: string, harness: StoreHarness): void {
  describe(`${name}: outbox`, () => {
    const under = eachWithStore(harness);
    outboxAcceptContract(under);
    outboxClaimContract(under);
    outboxAttemptContract(under);
    outboxReceiptContract(under);
    outboxTrackerContract(under);
    outboxUpkeepContract(under);
    outboxDecisionContract(under);
  });
}
