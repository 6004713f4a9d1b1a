import type { Clock } from '../clock';
import { Heap } from '../store/memory/heap';
import { Pacer } from './pacer';

/** A recipient that a limit keeps from being sent to, until a time on the clock's monotonic side. */
interface HeldRecipient {
  readonly key: string;
  readonly until: number;
}

/** What a lane holds while it has something to do. Idle lanes hold none: there are thousands of them. */
export class LaneWork {
  /** The keys of the recipients that nothing may go to now: those that are sent to, and those held. */
  readonly busy: Set<string> = new Set();
  /** What is going on. */
  readonly inFlight: Set<Promise<void>> = new Set();
  /** Spaces the sends. */
  readonly pacer: Pacer;
  readonly #clock: Clock;
  #held: Heap<HeldRecipient> | undefined;

  /**
   * @param clock measures the spaces
   * @param random varies them
   */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.pacer = new Pacer(clock, random);
  }

  /** How many recipients are sent to. */
  get sending(): number {
    return this.busy.size - (this.#held?.size ?? 0);
  }

  /** Whether nothing is sent or held, and the last send was long enough ago that the next need not wait. */
  get isOver(): boolean {
    return this.busy.size === 0 && this.pacer.waitMs() === 0;
  }

  /** How long until the first of the recipients held may be asked about again, in milliseconds. */
  get heldMs(): number | undefined {
    const first = this.#held?.peek();
    return first === undefined ? undefined : first.until - this.#clock.monotonic();
  }

  /** Keeps a recipient back for a while, without a place in flight; the others go on. */
  hold(key: string, ms: number): void {
    this.busy.add(key);
    this.#held ??= new Heap<HeldRecipient>(({ until }) => until);
    this.#held.push({ key, until: this.#clock.monotonic() + ms });
  }

  /** Lets go of the recipients whose wait is over, or of all. */
  release(all: boolean = false): void {
    for (let next = this.#held?.peek(); next !== undefined; next = this.#held?.peek()) {
      if (!all && next.until > this.#clock.monotonic()) return;
      this.#held?.pop();
      this.busy.delete(next.key);
    }
  }
}
