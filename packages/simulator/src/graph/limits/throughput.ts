/** Messages per second of one number: a bucket that holds one second's worth. */
export class Throughput {
  #tokens: number | undefined;
  #at = 0;

  /**
   * Takes one message's place.
   * @param perSecond the number's tier
   * @param now a clock that never goes back, in milliseconds
   * @returns whether there was one
   */
  take(perSecond: number, now: number): boolean {
    const grown = ((now - this.#at) * perSecond) / 1000;
    const tokens = Math.min(perSecond, (this.#tokens ?? perSecond) + grown);
    this.#at = now;
    this.#tokens = tokens >= 1 ? tokens - 1 : tokens;
    return tokens >= 1;
  }
}
