import { type Clock, GatewayError } from '@blazz/core';

/** How many places there are, and who may wait for one. */
export interface PlacesOptions {
  /** How many pieces of work are under way at most. */
  readonly atOnce: number;
  /** How many wait for a place at most. */
  readonly waiting: number;
  /** How long each of them waits at most, in milliseconds. */
  readonly waitMs: number;
  /** What whoever gets no place is told: a sentence that says what to do. */
  readonly refusal: string;
  /** Time. */
  readonly clock: Clock;
}

/** When to come again after a refusal, in milliseconds. */
const COME_AGAIN_MS = 5_000;

/** A bounded number of places for work that anybody may cause, and a short queue before them. */
export class Places {
  readonly #options: PlacesOptions;
  /** Those who wait, in the order in which they came. */
  readonly #queue = new Set<() => void>();
  #taken = 0;

  /** @param options how many places there are */
  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Does a piece of work once there is a place for it.
   * @throws GatewayError `store_unavailable` when too many wait already, or this one waited too long
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#options.atOnce) this.#taken += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Resolves with somebody's place. */
  #turn(): Promise<void> {
    const { waiting, waitMs, clock } = this.#options;
    if (this.#queue.size >= waiting) return Promise.reject(this.#refused());
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(waitMs, () => {
        this.#queue.delete(goOn);
        reject(this.#refused());
      });
      const goOn = (): void => {
        cancel();
        resolve();
      };
      this.#queue.add(goOn);
    });
  }

  #leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#taken -= 1;
      return;
    }
    this.#queue.delete(next);
    next();
  }

  #refused(): GatewayError {
    const { refusal } = this.#options;
    return new GatewayError('store_unavailable', refusal, { retryAfterMs: COME_AGAIN_MS });
  }
}
