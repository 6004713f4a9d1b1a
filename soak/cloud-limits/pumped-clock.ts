import { setTimeout as sleep } from 'node:timers/promises';
import { ManualClock } from '@blazz/simulator/clock';

/** How much time passes at most between two turns, in milliseconds: timers are that late on a machine that has much to do. */
const MOST_MS = 50;

/**
 * Real time that waits for a machine that stands still: it passes as on the wall, with all its
 * lateness, but never more than a little at once. So what is measured by it is the gateway's pace.
 */
export class PumpedClock {
  /** Time, for everything that takes part. */
  readonly clock: ManualClock = new ManualClock({ quietTurns: 0 });
  #isOver = false;
  #pumping: Promise<void> | undefined;

  /** Lets time pass from now on. */
  start(): void {
    this.#pumping ??= this.#pump();
  }

  /** Lets no more time pass. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#pumping;
  }

  async #pump(): Promise<void> {
    for (let last = performance.now(); !this.#isOver; ) {
      await sleep(1);
      const now = performance.now();
      await this.clock.advance(Math.min(now - last, MOST_MS));
      last = now;
    }
  }
}
