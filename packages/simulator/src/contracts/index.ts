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
  WorldEffect,
} from './provider/provider-world';
