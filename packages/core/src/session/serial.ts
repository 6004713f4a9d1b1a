/** Runs pieces of work one after the other, in the order in which they were handed in. */
export class Serial {
  readonly #onError: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  /** @param onError told of every piece that failed, so that none fails unheard */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /**
   * Runs `work` once everything before it is over.
   * @throws what `work` throws; what comes after it runs all the same
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.then(() => undefined, this.#onError);
    return done;
  }

  /** Like {@link Serial.run}, for callers that do not wait. */
  later(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(work).catch(this.#onError);
  }
}
