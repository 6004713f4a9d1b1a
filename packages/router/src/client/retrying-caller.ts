import { type Clock, delay, GatewayError } from '@blazz/core';
import { type RetryDelayOptions, retryDelay } from '../retry-delay';
import type { Call, CallOptions } from './call';
import type { RetryBudget } from './retry-budget';
import type { SignedTransport, Try } from './signed-transport';

/** What a {@link RetryingCaller} needs. */
export interface RetryingCallerOptions {
  /** Makes one try. */
  readonly transport: SignedTransport;
  /** Measures deadlines and waits. */
  readonly clock: Clock;
  /** Chance, 0 up to 1, for the waits. */
  readonly random: () => number;
  /** Bounds the retries of all calls together. */
  readonly budget: RetryBudget;
  /** How many tries one call gets. */
  readonly maxTries: number;
  /** How long one try may take, in milliseconds. */
  readonly tryTimeoutMs: number;
  /** How long a call may take, retries included, in milliseconds. */
  readonly timeoutMs: number;
  /** How waits grow. */
  readonly backoff: RetryDelayOptions;
}

/** A try that went well. */
export type GoodTry = Extract<Try, { ok: true }>;

/** Repeats a call where that is safe, helps, and the budget and the deadline allow it. */
export class RetryingCaller {
  readonly #options: RetryingCallerOptions;

  constructor(options: RetryingCallerOptions) {
    this.#options = options;
  }

  /**
   * Makes a call.
   * @throws GatewayError of the last try; or the signal's reason
   */
  async call(call: Call, options: CallOptions = {}): Promise<GoodTry> {
    const { transport, clock, budget, tryTimeoutMs, timeoutMs } = this.#options;
    const { signal } = options;
    const deadline = clock.monotonic() + (options.timeoutMs ?? timeoutMs + call.waitMs);
    budget.earn();
    for (let tries = 1; ; tries++) {
      const left = deadline - clock.monotonic();
      const tryMs = Math.min(tryTimeoutMs + call.waitMs, left);
      const result = await transport.attempt(call, tryMs, signal);
      if (result.ok) return result;
      // Timers may fire a moment early: what is left then is rounding, not time for another try.
      if (tryMs === left && result.error.code === 'timeout') throw withKey(result.error, call);
      const wait = this.#waitAfter(call, result.error, result.unsent, tries);
      const inTime = wait !== undefined && clock.monotonic() + wait < deadline;
      if (!inTime || !budget.spend()) throw withKey(result.error, call);
      await delay(clock, wait, signal);
    }
  }

  /** How long to wait before the next try; undefined when there must not be one. */
  #waitAfter(call: Call, error: GatewayError, unsent: boolean, tries: number): number | undefined {
    if (tries >= this.#options.maxTries || !error.retryable) return undefined;
    if (call.replay !== 'safe' && !unsent) return undefined;
    // The instance named another owner; asking the same one again would end the same way.
    if (error.code === 'wrong_instance') return undefined;
    // The message was accepted and its try is over: the same key would only tell it again.
    if (error.details?.outcome !== undefined) return undefined;
    const pause = retryDelay(this.#options.backoff, tries, this.#options.random);
    return error.retryAfterMs === undefined ? pause : error.retryAfterMs + pause;
  }
}

/** Whoever wants to repeat a send by hand needs its key, also when the client made it. */
function withKey(error: GatewayError, call: Call): GatewayError {
  if (call.idempotencyKey === undefined) return error;
  return new GatewayError(error.code, error.message, {
    cause: error.cause,
    retryable: error.retryable,
    retryAfterMs: error.retryAfterMs,
    details: { ...error.details, idempotency_key: call.idempotencyKey },
  });
}
