/** Lets so many pieces of work go on at once, the others wait in the order in which they came. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  /** @param atOnce how many at once, at least 1 */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /**
   * Waits for a turn.
   * @returns what gives it back; calling it twice does nothing
   * @throws the signal's reason when aborted first
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.#atOnce) this.#taken++;
    else await this.#wait(signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#pass();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#waiting.delete(go);
        reject(signal.reason);
      };
      this.#waiting.add(go);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** The turn goes straight to whoever waits longest: nobody who comes now may overtake. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
