import type { Clock } from '@blazz/core';
import type { Signer } from '@blazz/core/signing';
import type { RetryBudgetOptions } from './retry-budget';

/** What a {@link GatewayClient} needs. */
export interface GatewayClientOptions {
  /** Where the instance is, such as `http://127.0.0.1:4800`: scheme, host and port only. */
  readonly baseUrl: string;
  /** The key's id, and the secret as 32 or more random bytes or their base64; or a signer. */
  readonly key: ClientKey | Signer;
  /** How long a call may take, retries included, in milliseconds. What a send waits for its outcome is added. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How long one try may take, in milliseconds. What a send waits is added. Default: 10,000. */
  readonly tryTimeoutMs?: number | undefined;
  /** How many tries a call gets where it may be repeated, at least 1. Default: 4. */
  readonly maxTries?: number | undefined;
  /** Bounds the retries of all calls together. Default: a fifth of the calls, 10 saved up. */
  readonly retryBudget?: RetryBudgetOptions | undefined;
  /** The ceiling of the first wait between tries, in milliseconds; it doubles up to 5 s. Default: 200. */
  readonly backoffMs?: number | undefined;
  /** How many connections are kept to the instance, at least 1. Default: 32. */
  readonly connections?: number | undefined;
  /** Where time comes from. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Chance, 0 up to 1, for the waits. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** A key to sign with. */
export interface ClientKey {
  /** The key's id. */
  readonly id: string;
  /** At least 32 random bytes, or their base64 (or base64url) text. */
  readonly secret: string | Uint8Array;
}
