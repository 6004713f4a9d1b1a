import type { MessageContent, MessageType } from '@blazz/core';
import type { ProviderBench } from './provider-bench';
import type { ProviderFeature, ProviderHarness } from './provider-world';

/** What the provider contract is given. */
export interface ProviderContractOptions {
  /** Brings up a fresh world and a provider factory that connects to it. Called once. */
  readonly open: () => Promise<ProviderHarness>;
  /** What the provider, or its world, cannot do; whatever is not named here is required. */
  readonly lacks?: readonly ProviderFeature[];
  /** What the workspace's settings say; goes through the factory's `parse`. Default: `{}`. */
  readonly settings?: unknown;
  /** Messages to send instead of the contract's own samples, by type. */
  readonly samples?: Partial<Readonly<Record<MessageType, MessageContent>>>;
  /** How long anything may take, in milliseconds. Default: 5 000. A browser needs 30 000. */
  readonly timeoutMs?: number;
  /** How long to listen for what must not come, in milliseconds. Default: 50. A browser needs 500. */
  readonly quietMs?: number;
}

/** What the parts of the contract share. */
export interface ContractContext {
  /** The bench, once the contract has begun. */
  readonly bench: () => ProviderBench;
  /** Whether a feature is lacking. */
  readonly lacks: (feature: ProviderFeature) => boolean;
  /** Messages to send instead of the contract's own. */
  readonly samples: Partial<Readonly<Record<MessageType, MessageContent>>>;
  /** Listens for as long as silence is listened to. */
  readonly quiet: () => Promise<void>;
}

/**
 * A control that a test cannot do without.
 * @throws Error that names the control, and how to do without it
 */
export function need<T>(control: T | undefined, name: string): T {
  if (control !== undefined) return control;
  throw new Error(`The harness has no ${name}: add it, or name the feature in \`lacks\`.`);
}
