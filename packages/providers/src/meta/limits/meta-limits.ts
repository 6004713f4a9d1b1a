import type { Clock, Observer, SendLimits } from '@blazz/core';
import type { GraphRule } from '../errors/error-class';
import { NumberLimit } from './number-limit';
import { PairLimit } from './pair-limit';

/** What limits are made of. */
export interface MetaLimitsOptions {
  /** What Meta allows the number in a second. */
  readonly perSecond: number;
  /** Time. */
  readonly clock: Clock;
  /** Told whenever a limit tightens. */
  readonly observer: Pick<Observer, 'limitChanged'>;
}

/** Meta's limits on one number, as far as they can be kept from here; refusals tighten them. */
export class MetaLimits implements SendLimits {
  readonly #clock: Clock;
  readonly #observer: Pick<Observer, 'limitChanged'>;
  readonly #number: NumberLimit;
  readonly #pairs = new PairLimit();
  #pausedUntil = 0;

  /** @param options what they are made of */
  constructor({ perSecond, clock, observer }: MetaLimitsOptions) {
    this.#clock = clock;
    this.#observer = observer;
    this.#number = new NumberLimit(perSecond, clock.monotonic());
  }

  /** {@inheritDoc SendLimits.waitMs} */
  waitMs(): number {
    const now = this.#clock.monotonic();
    return Math.max(this.#number.waitMs(now), this.#pausedUntil - now, 0);
  }

  /** {@inheritDoc SendLimits.recipientWaitMs} */
  recipientWaitMs(recipientKey: string): number {
    return this.#pairs.waitMs(recipientKey, this.#clock.monotonic());
  }

  /** {@inheritDoc SendLimits.took} */
  took(recipientKey: string): void {
    const now = this.#clock.monotonic();
    this.#number.took(now);
    this.#pairs.took(recipientKey, now);
  }

  /** Meta took a message. */
  accepted(recipientKey: string): void {
    this.#pairs.accepted(recipientKey);
  }

  /**
   * Meta refused a message for its pace.
   * @param rule what follows from the refusal
   * @param waitMs how long this message waits, in milliseconds
   * @returns how long it waits by the limits' own reckoning, in milliseconds
   */
  refused(rule: GraphRule, recipientKey: string, waitMs: number): number {
    const now = this.#clock.monotonic();
    switch (rule.class) {
      case 'throttle_pair': {
        const ms = this.#pairs.refused(recipientKey, now);
        this.#tell('pair', ms);
        return ms;
      }
      case 'throttle_number':
        if (this.#number.refused(now)) this.#tell('number', waitMs);
        return waitMs;
      case 'throttle_app':
        this.#pausedUntil = Math.max(this.#pausedUntil, now + waitMs);
        this.#tell('app', waitMs);
        return waitMs;
      default:
        return waitMs;
    }
  }

  #tell(limit: 'number' | 'pair' | 'app', waitMs: number): void {
    const rate = this.#number.rate;
    this.#observer.limitChanged?.({ provider: 'meta_api', limit, rate, waitMs });
  }
}
