/** Which share of Meta's limit is used: messages reach Meta less evenly than they left. */
const share = 0.985;
/** What may be made up for at once, as a share of a second's worth: a busy machine wakes late. */
const slack = 0.1;
/** How long it takes from half the rate back to the whole, in milliseconds. */
const recoveryMs = 30_000;
/** Refusals that come together are one sign: the rate is halved at most once in this time, in milliseconds. */
const signMs = 1_000;
/** The lowest rate, as a share of the whole. */
const floor = 1 / 16;

/**
 * Messages of one number in a second: a bucket that fills steadily. A refusal halves the rate, which
 * then climbs back.
 */
export class NumberLimit {
  readonly #whole: number;
  readonly #burst: number;
  #rate: number;
  #tokens: number;
  #at: number;
  #halvedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond what Meta allows
   * @param now a clock that never goes back, in milliseconds
   */
  constructor(perSecond: number, now: number) {
    this.#whole = perSecond * share;
    this.#burst = Math.max(1, perSecond * slack);
    this.#rate = this.#whole;
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** The present rate, messages per second. */
  get rate(): number {
    return this.#rate;
  }

  /** Whether a refusal still slows it. */
  get isReduced(): boolean {
    return this.#rate < this.#whole;
  }

  /** How long until a message may leave, in milliseconds. */
  waitMs(now: number): number {
    this.#fill(now);
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * 1_000) / this.#rate);
  }

  /** Takes one message's place. */
  took(now: number): void {
    this.#fill(now);
    this.#tokens -= 1;
  }

  /**
   * Meta refused one for its pace: halves the rate.
   * @returns whether it was halved; not, when a refusal came just before
   */
  refused(now: number): boolean {
    this.#fill(now);
    if (now - this.#halvedAt < signMs) return false;
    this.#halvedAt = now;
    this.#rate = Math.max(this.#whole * floor, this.#rate / 2);
    this.#tokens = Math.min(0, this.#tokens);
    return true;
  }

  #fill(now: number): void {
    const ms = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + (ms * this.#rate) / 1_000);
    this.#rate = Math.min(this.#whole, this.#rate + (ms * this.#whole) / 2 / recoveryMs);
  }
}
