import type { Clock } from '../clock';
import type { Pace } from '../provider/provider';

/** Spaces the sends of one session. */
export class Pacer {
  readonly #clock: Clock;
  readonly #random: () => number;
  #nextAt = Number.NEGATIVE_INFINITY;

  /**
   * @param clock measures the spaces, on its monotonic side
   * @param random varies them
   */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How long until the next send may begin, in milliseconds; 0 means now. */
  waitMs(): number {
    return Math.max(0, this.#nextAt - this.#clock.monotonic());
  }

  /** Notes that a send begins now. */
  took(pace: Pace): void {
    if (pace.intervalMs <= 0) return;
    const swing = 1 + pace.jitter * (2 * this.#random() - 1);
    this.#nextAt = this.#clock.monotonic() + pace.intervalMs * swing;
  }
}
