import type { Clock, Observer, SendLimits } from '@blazz/core';
import type { GraphRule } from '../errors/error-class';
import { Hold } from './hold';
import { NumberLimit } from './number-limit';
import { type HoldCause, PairLimit } from './pair-limit';

/** Whoever hears of limits. */
export type LimitsObserver = Pick<Observer, 'limitChanged' | 'sendHeld'>;

/** What limits are made of. */
export interface MetaLimitsOptions {
  /** What Meta allows the number in a second. */
  readonly perSecond: number;
  /** Time. */
  readonly clock: Clock;
  /** Told whenever a limit tightens, and how long one held a send. */
  readonly observer: LimitsObserver;
}

/** Meta's limits on one number, as far as they can be kept from here; refusals tighten them. */
export class MetaLimits implements SendLimits {
  readonly #clock: Clock;
  readonly #observer: LimitsObserver;
  readonly #number: NumberLimit;
  readonly #pairs = new PairLimit();
  readonly #hold = new Hold<readonly [limit: 'number' | 'app', cause: HoldCause]>();
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
    const [numberMs, appMs] = [this.#number.waitMs(now), Math.max(0, this.#pausedUntil - now)];
    const waitMs = Math.max(numberMs, appMs);
    this.#hold.asked(now, waitMs, () => {
      if (appMs > numberMs) return ['app', 'refusal'];
      return ['number', this.#number.isReduced ? 'refusal' : 'rate'];
    });
    return waitMs;
  }

  /** {@inheritDoc SendLimits.recipientWaitMs} */
  recipientWaitMs(recipientKey: string): number {
    return this.#pairs.waitMs(recipientKey, this.#clock.monotonic());
  }

  /** {@inheritDoc SendLimits.took} */
  took(recipientKey: string): void {
    const now = this.#clock.monotonic();
    this.#number.took(now);
    const byNumber = this.#hold.took(now);
    if (byNumber !== undefined) this.#held(...byNumber.reason, byNumber.heldMs);
    const byPair = this.#pairs.took(recipientKey, now);
    if (byPair !== undefined) this.#held('pair', byPair.reason, byPair.heldMs);
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
        this.#held('pair', 'refusal', ms);
        return ms;
      }
      case 'throttle_number':
        if (this.#number.refused(now)) this.#tell('number', waitMs);
        this.#held('number', 'refusal', waitMs);
        return waitMs;
      case 'throttle_app':
        this.#pausedUntil = Math.max(this.#pausedUntil, now + waitMs);
        this.#tell('app', waitMs);
        this.#held('app', 'refusal', waitMs);
        return waitMs;
      default:
        return waitMs;
    }
  }

  #held(limit: 'number' | 'pair' | 'app', cause: HoldCause, heldMs: number): void {
    this.#observer.sendHeld?.({ provider: 'meta_api', limit, cause, heldMs });
  }

  #tell(limit: 'number' | 'pair' | 'app', waitMs: number): void {
    const rate = this.#number.rate;
    this.#observer.limitChanged?.({ provider: 'meta_api', limit, rate, waitMs });
  }
}
