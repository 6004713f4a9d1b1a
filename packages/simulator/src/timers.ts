import type { CancelTimer, Clock } from '@blazz/core';

/** Delayed work of one owner, all of which ends with it: what is asked for afterwards never comes. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<CancelTimer>();
  #isOver = false;

  /** @param clock what the delays run on */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` after `ms` milliseconds, unless stopped before. */
  after(ms: number, work: () => void): CancelTimer {
    if (this.#isOver) return () => undefined;
    const cancel = this.#clock.schedule(ms, () => {
      this.#pending.delete(cancel);
      work();
    });
    this.#pending.add(cancel);
    return () => {
      this.#pending.delete(cancel);
      cancel();
    };
  }

  /** Resolves after `ms` milliseconds; never, when stopped before. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Takes work again after a stop. */
  start(): void {
    this.#isOver = false;
  }

  /** Cancels everything that is still to come, and whatever is asked for from now on. */
  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
