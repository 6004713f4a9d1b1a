/** How many retries a client may make beside its calls. */
export interface RetryBudgetOptions {
  /** How much of a retry each call earns, 0 to 1. Default: 0.2, one retry for five calls. */
  readonly ratio?: number | undefined;
  /** How many retries can be saved up, and are there at the start. Default: 10. */
  readonly capacity?: number | undefined;
}

/**
 * Bounds the retries of a whole client to a share of its calls. Without it, every client of an
 * instance that struggles would multiply the load that it struggles with.
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #capacity: number;
  #tokens: number;

  constructor(options: RetryBudgetOptions = {}) {
    this.#ratio = options.ratio ?? 0.2;
    this.#capacity = options.capacity ?? 10;
    this.#tokens = this.#capacity;
  }

  /** Records a call: it earns a part of a retry. */
  earn(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + this.#ratio);
  }

  /** Takes one retry out of the budget. Returns false, and takes nothing, when none is left. */
  spend(): boolean {
    // Five times 0.2 is a little less than 1 in floating point.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}
