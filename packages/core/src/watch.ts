/** Tells whoever waits for something that it is worth looking again. */
export class Watch {
  readonly #listeners = new Set<() => void>();

  /** Something changed. */
  touch(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /**
   * Resolves with the first defined value that `look` gives; looks now and after every change.
   * @throws the signal's reason when aborted, or what `look` throws
   */
  until<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.#listeners.delete(check);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = (): void => settle(() => reject(signal.reason));
      const check = (): void => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      if (signal.aborted) return reject(signal.reason);
      this.#listeners.add(check);
      signal.addEventListener('abort', onAbort, { once: true });
      check();
    });
  }
}
