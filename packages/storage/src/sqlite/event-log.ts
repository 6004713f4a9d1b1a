import type { LogBounds } from '@blazz/core';

/** What is held in memory of one workspace's log: its ends, and who watches it. */
export class EventLog {
  /** The ends of the log, the coming commit included. */
  bounds: LogBounds;
  /** Whether a commit came to nothing, so that the ends have to be read from the file again. */
  isStale = false;
  /** The dedupe keys that the coming commit brings. */
  readonly newKeys: Set<string> = new Set();
  readonly #listeners = new Set<(headSeq: number) => void>();
  #isTelling = false;

  /** @param bounds its ends, as the file has them */
  constructor(bounds: LogBounds) {
    this.bounds = bounds;
  }

  /** Adds a listener, also when the same function listens already. */
  watch(listener: (headSeq: number) => void): () => void {
    const own = (headSeq: number): void => listener(headSeq);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Tells the listeners soon, once, however often it is called until then. */
  tell(): void {
    if (this.#isTelling || this.#listeners.size === 0) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) {
        if (this.#listeners.has(listener)) listener(this.bounds.headSeq);
      }
    });
  }
}
