import { type BackoffOptions, backoff } from './backoff';
import type { Clock } from './clock';
import { isGatewayError } from './errors/gateway-error';
import type { LogFields, Logger } from './logger';

/** What retries work with. */
export interface RetriesContext {
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
}

/** What retries are about. */
export interface RetriesOptions {
  /** How the waits grow from one failure to the next. */
  readonly waits: BackoffOptions;
  /** What the log says of a failure after which the work is done later. */
  readonly later: string;
  /** What the log says of work that finds no room to wait. */
  readonly noRoom: string;
}

/** Some work. Its first attempt is 1. */
export type Work = (attempt: number) => Promise<void>;

/** Work that failed. */
interface Failed {
  /** How often in a row. */
  readonly failures: number;
  /** Cancels its next attempt; `undefined` once that has begun. */
  cancel: (() => void) | undefined;
}

/** How many pieces of work wait for their next attempt at most. */
const MOST_FAILED = 10_000;

/**
 * Work that is done again by itself when it failed, later and later, until it is done: nobody else
 * would, where whoever caused it has gone away content. Each piece has a name, and waits once.
 */
export class Retries {
  readonly #context: RetriesContext;
  readonly #options: RetriesOptions;
  readonly #failed = new Map<string, Failed>();
  #isOver = false;

  /**
   * @param context what retries work with
   * @param options what they are about
   */
  constructor(context: RetriesContext, options: RetriesOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** How many pieces of work have failed and are not done yet. */
  get pending(): number {
    return this.#failed.size;
  }

  /**
   * Does work now, also while it waits for its next attempt. Resolves when that is over, however it
   * went; never rejects.
   * @param fields of the line that the log has for each failure
   */
  async run(name: string, fields: LogFields, work: Work): Promise<void> {
    const before = this.#failed.get(name)?.failures ?? 0;
    try {
      await work(before + 1);
      this.forget(name);
    } catch (error) {
      this.#later(name, fields, work, error);
    }
  }

  /** Does a piece of work no more by itself. */
  forget(name: string): void {
    this.#failed.get(name)?.cancel?.();
    this.#failed.delete(name);
  }

  /** Does nothing by itself any more. Idempotent. */
  stop(): void {
    this.#isOver = true;
    for (const { cancel } of this.#failed.values()) cancel?.();
    this.#failed.clear();
  }

  #later(name: string, fields: LogFields, work: Work, error: unknown): void {
    const { clock, random, logger } = this.#context;
    const { waits, later, noRoom } = this.#options;
    const known = this.#failed.get(name);
    if (this.#isOver || known?.cancel !== undefined) return;
    if (known === undefined && this.#failed.size >= MOST_FAILED) {
      logger.error(noRoom, { ...fields, error });
      return;
    }
    const failures = (known?.failures ?? 0) + 1;
    const asked = isGatewayError(error) ? error.retryAfterMs : undefined;
    const waitMs = Math.min(asked ?? backoff(waits, failures, random), waits.maxMs);
    logger.warn(later, { ...fields, error, attempt: failures, duration_ms: waitMs });
    const failed: Failed = { failures, cancel: undefined };
    failed.cancel = clock.schedule(waitMs, () => {
      failed.cancel = undefined;
      void this.run(name, fields, work);
    });
    this.#failed.set(name, failed);
  }
}
