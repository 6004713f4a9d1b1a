/** A timer that is set. */
export interface Timer {
  /** When it fires, on the monotonic clock. */
  readonly at: number;
  /** What it does. */
  readonly callback: () => void;
}

/** Timers in the order in which they fire: by time, and those of one time in the order they were set. */
export class TimerQueue {
  readonly #timers: Timer[] = [];

  /** How many timers are set. */
  get size(): number {
    return this.#timers.length;
  }

  /** The next to fire. */
  peek(): Timer | undefined {
    return this.#timers[0];
  }

  /** Sets a timer, behind those that fire at the same time. */
  add(at: number, callback: () => void): Timer {
    const timer = { at, callback };
    this.#timers.splice(this.#after(at), 0, timer);
    return timer;
  }

  /**
   * Takes a timer out.
   * @returns whether it was still set
   */
  remove(timer: Timer): boolean {
    for (let i = this.#after(timer.at) - 1; i >= 0; i--) {
      const candidate = this.#timers[i];
      if (candidate === timer) {
        this.#timers.splice(i, 1);
        return true;
      }
      if (candidate === undefined || candidate.at < timer.at) break;
    }
    return false;
  }

  /** The index behind the last timer that fires at `at` or before. */
  #after(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
