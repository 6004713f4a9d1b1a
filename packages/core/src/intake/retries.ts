import { backoff } from '../backoff';
import type { Clock } from '../clock';
import { isGatewayError } from '../errors/gateway-error';
import type { LogFields, Logger } from '../logger';

/** What retries work with. */
export interface RetriesContext {
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
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

/** From 1 s to 5 min apart. */
const waits = { baseMs: 1_000, maxMs: 300_000 };
/** How many pieces of work wait for their next attempt at most. */
const MOST_FAILED = 10_000;

/**
 * Work that is done again by itself when it failed, later and later, until it is done: nobody else
 * would, where whoever caused it has gone away content. Each piece has a name, and waits once.
 */
export class Retries {
  readonly #context: RetriesContext;
  readonly #failed = new Map<string, Failed>();
  #isOver = false;

  /** @param context what retries work with */
  constructor(context: RetriesContext) {
    this.#context = context;
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
      this.#failed.get(name)?.cancel?.();
      this.#failed.delete(name);
    } catch (error) {
      this.#later(name, fields, work, error);
    }
  }

  /** Does nothing by itself any more. Idempotent. */
  stop(): void {
    this.#isOver = true;
    for (const { cancel } of this.#failed.values()) cancel?.();
    this.#failed.clear();
  }

  #later(name: string, fields: LogFields, work: Work, error: unknown): void {
    const { clock, random, logger } = this.#context;
    const known = this.#failed.get(name);
    if (this.#isOver || known?.cancel !== undefined) return;
    if (known === undefined && this.#failed.size >= MOST_FAILED) {
      logger.error('what came in is read with the next of its kind, or after a restart', {
        ...fields,
        error,
      });
      return;
    }
    const failures = (known?.failures ?? 0) + 1;
    const asked = isGatewayError(error) ? error.retryAfterMs : undefined;
    const waitMs = Math.min(asked ?? backoff(waits, failures, random), waits.maxMs);
    logger.warn('what came in is read later', {
      ...fields,
      error,
      attempt: failures,
      duration_ms: waitMs,
    });
    const failed: Failed = { failures, cancel: undefined };
    failed.cancel = clock.schedule(waitMs, () => {
      failed.cancel = undefined;
      void this.run(name, fields, work);
    });
    this.#failed.set(name, failed);
  }
}
