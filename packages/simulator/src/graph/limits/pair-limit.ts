/** What one message costs its pair, in milliseconds; also how long a burst may last. */
const slotMs = 6_000;
/** The most messages of one burst. */
const burst = 45;

/**
 * Messages of one business number to one person: one every 6 seconds. A burst of up to 45 within 6
 * seconds is an advance on what follows, so that after 20 messages at once the pair waits two minutes.
 */
export class PairLimit {
  #from = Number.NEGATIVE_INFINITY;
  #count = 0;

  /**
   * Takes one message's place.
   * @param now a clock that never goes back, in milliseconds
   * @returns whether there was one
   */
  take(now: number): boolean {
    if (now >= this.#from + this.#count * slotMs) {
      this.#from = now;
      this.#count = 1;
      return true;
    }
    if (now >= this.#from + slotMs || this.#count >= burst) return false;
    this.#count += 1;
    return true;
  }
}
