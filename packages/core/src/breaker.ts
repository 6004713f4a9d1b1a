import type { Clock } from './clock';

/** How a breaker behaves. */
export interface BreakerOptions {
  /** After how many failures in a row it opens. */
  readonly failures: number;
  /** How long it stays open at first, in milliseconds; doubles with each failed probe. */
  readonly openMs: number;
  /** How long it stays open at most, in milliseconds. */
  readonly maxOpenMs: number;
}

/** How a {@link Breaker} stands. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * Leaves somebody alone who fails again and again: `closed` while things go well, `open` after
 * failures in a row, and `half_open` for one probe when the wait is over.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #options: BreakerOptions;
  #failures = 0;
  #opened = 0;
  #openUntil = 0;

  /**
   * @param clock measures the wait
   * @param options when it opens, and for how long
   */
  constructor(clock: Clock, options: BreakerOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** How it stands. */
  get state(): BreakerState {
    if (this.#opened === 0) return 'closed';
    return this.waitMs > 0 ? 'open' : 'half_open';
  }

  /** How long it stays open from now on, in milliseconds; 0 when it is not open. */
  get waitMs(): number {
    return Math.max(0, this.#openUntil - this.#clock.monotonic());
  }

  /** Things went well. */
  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
  }

  /** Things went wrong. */
  failed(): void {
    this.#failures++;
    const isProbe = this.state === 'half_open';
    if (!isProbe && (this.#opened > 0 || this.#failures < this.#options.failures)) return;
    const { openMs, maxOpenMs } = this.#options;
    this.#openUntil = this.#clock.monotonic() + Math.min(maxOpenMs, openMs * 2 ** this.#opened);
    this.#opened = Math.min(this.#opened + 1, 30);
  }
}
