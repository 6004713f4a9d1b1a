import type { CancelTimer, Clock } from '@blazz/core';

/** How often in a row too much must be seen: a peak passes. */
const looksInARow = 2;
/** Pause between two looks whether the session is idle, in milliseconds. */
const idleStepMs = 100;

/** What a memory guard needs. */
export interface MemoryGuardContext {
  /** Time. */
  readonly clock: Clock;
  /** How much the browser may take, in bytes. Without a limit nothing is measured. */
  readonly limitBytes: number | undefined;
  /** Pause between two measurements, in milliseconds. */
  readonly probeMs: number;
  /** Measures, in bytes; `undefined` when nobody can tell. */
  readonly measure: () => Promise<number | undefined>;
  /** Whether nothing is being sent. */
  readonly isIdle: () => boolean;
  /** Told once, when the browser has taken too much for a while and nothing is being sent. */
  readonly onFull: (bytes: number) => void;
}

/**
 * Has a browser that grew too large replaced between two sends: from the moment that it is known
 * nothing more is handed to it.
 */
export class MemoryGuard {
  readonly #context: MemoryGuardContext;
  #cancel: CancelTimer | undefined;
  #running = false;
  #seen = 0;
  #isDraining = false;

  /** @param context what the guard needs */
  constructor(context: MemoryGuardContext) {
    this.#context = context;
  }

  /** Whether the browser is about to be replaced: nothing more may be sent through it. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Begins to measure. */
  start(): void {
    if (this.#running || this.#context.limitBytes === undefined) return;
    this.#running = true;
    this.#plan();
  }

  /** Stops for good. Idempotent. */
  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #plan(): void {
    const { clock, probeMs } = this.#context;
    this.#cancel = clock.schedule(probeMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { measure, limitBytes = Number.POSITIVE_INFINITY } = this.#context;
    const bytes = await measure().catch(() => undefined);
    if (!this.#running) return;
    this.#seen = bytes !== undefined && bytes > limitBytes ? this.#seen + 1 : 0;
    if (bytes === undefined || this.#seen < looksInARow) return this.#plan();
    this.#isDraining = true;
    this.#endWhenIdle(bytes);
  }

  #endWhenIdle(bytes: number): void {
    const { clock, isIdle, onFull } = this.#context;
    if (isIdle()) {
      this.stop();
      return onFull(bytes);
    }
    this.#cancel = clock.schedule(idleStepMs, () => this.#endWhenIdle(bytes));
  }
}
