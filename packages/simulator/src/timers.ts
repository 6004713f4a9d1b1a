import type { CancelTimer, Clock } from '@blazz/core';

/** Delayed work of one owner, all of which ends with it. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<CancelTimer>();

  /** @param clock what the delays run on */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` after `ms` milliseconds, unless stopped before. */
  after(ms: number, work: () => void): CancelTimer {
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

  /** Cancels everything that is still to come. */
  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
