import type { Clock } from '@blazz/core';
import { GraphError } from '../errors/graph-error';
import type { GraphLimits } from '../options';
import type { BusinessNumber } from '../world/business-number';
import { PairLimit } from './pair-limit';
import { Throughput } from './throughput';

/** The rate limits of everybody. */
export class Limiter {
  readonly #clock: Clock;
  readonly #numbers = new Map<string, Throughput>();
  readonly #pairs = new Map<string, PairLimit>();
  /** Which limits are enforced. */
  limits: GraphLimits;

  /**
   * @param clock what they run on
   * @param limits which are enforced
   */
  constructor(clock: Clock, limits: GraphLimits) {
    this.#clock = clock;
    this.limits = limits;
  }

  /** Lets one message of a number through. @throws GraphError 130429 */
  throughput(number: BusinessNumber): void {
    if (!this.limits.throughput) return;
    const one = this.#numbers.get(number.id) ?? new Throughput();
    this.#numbers.set(number.id, one);
    if (one.take(number.tier, this.#clock.monotonic())) return;
    throw new GraphError(130429, {
      details: 'This number sends more messages in a second than its throughput allows.',
    });
  }

  /** Lets one message between two through. @throws GraphError 131056 */
  pair(number: BusinessNumber, to: string): void {
    if (!this.limits.pair) return;
    const key = `${number.id} ${to}`;
    const one = this.#pairs.get(key) ?? new PairLimit();
    this.#pairs.set(key, one);
    if (one.take(this.#clock.monotonic())) return;
    throw new GraphError(131056, {
      details: 'This number sends too many messages to the same person in a short time.',
    });
  }
}
