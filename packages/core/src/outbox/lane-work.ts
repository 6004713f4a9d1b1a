import type { Clock } from '../clock';
import { Pacer } from './pacer';

/** What a lane holds while it has something to do. Idle lanes hold none: there are thousands of them. */
export class LaneWork {
  /** The keys of the recipients that are sent to. */
  readonly busy: Set<string> = new Set();
  /** What is going on. */
  readonly inFlight: Set<Promise<void>> = new Set();
  /** Spaces the sends. */
  readonly pacer: Pacer;

  /**
   * @param clock measures the spaces
   * @param random varies them
   */
  constructor(clock: Clock, random: () => number) {
    this.pacer = new Pacer(clock, random);
  }

  /** Whether nothing is sent, and the last send was long enough ago that the next need not wait. */
  get isOver(): boolean {
    return this.busy.size === 0 && this.pacer.waitMs() === 0;
  }
}
