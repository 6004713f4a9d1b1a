import { type BackoffOptions, backoff } from '../backoff';
import type { Clock } from '../clock';
import type { GatewayError } from '../errors/gateway-error';

/** How long to wait before a dead provider is replaced. Failures are forgotten after a steady time. */
export class RestartPolicy {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #waits: BackoffOptions;
  readonly #steadyMs: number;
  #failures = 0;
  #readySince: number | undefined;

  /**
   * @param clock measures how long `ready` lasted
   * @param random spreads the waits
   * @param waits how the waits grow
   * @param steadyMs how long `ready` must last before earlier failures are forgotten, in milliseconds
   */
  constructor(clock: Clock, random: () => number, waits: BackoffOptions, steadyMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#waits = waits;
    this.#steadyMs = steadyMs;
  }

  /** The session is ready. */
  ready(): void {
    this.#readySince ??= this.#clock.monotonic();
  }

  /** The session was started by hand: it gets a fresh count. */
  reset(): void {
    this.#failures = 0;
    this.#readySince = undefined;
  }

  /** The provider failed: how long to wait, in milliseconds. */
  failed(error: GatewayError): number {
    const since = this.#readySince;
    if (since !== undefined && this.#clock.monotonic() - since >= this.#steadyMs) {
      this.#failures = 0;
    }
    this.#readySince = undefined;
    this.#failures += 1;
    return error.retryAfterMs ?? backoff(this.#waits, this.#failures, this.#random);
  }
}
