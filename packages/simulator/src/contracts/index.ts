/**
 * What every adapter keeps to, as vitest suites that any adapter runs unchanged.
 * @packageDocumentation
 */

// Providers
export type { ProviderContractOptions } from './provider/contract-context';
export { providerContract } from './provider/provider-contract';
export type {
  Awaitable,
  ContractSession,
  ProviderFeature,
  ProviderHarness,
  ProviderWorld,
  TypingMark,
  WorldEffect,
} from './provider/provider-world';
// Stores
export { deliveryContract } from './store/delivery-contract';
export { eventContract } from './store/event-contract';
export { leaseContract } from './store/lease-contract';
export { nonceContract } from './store/nonce-contract';
export { outboxContract } from './store/outbox-contract';
export { reopenContract } from './store/reopen-contract';
export { sessionContract } from './store/session-contract';
export { storeContract } from './store/store-contract';
export type { StoreHarness } from './store/store-harness';
export { workspaceContract } from './store/workspace-contract';
