import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Store } from '../store/store';
import { deliveryLimits } from '../webhooks/delivery-schedule';

/** How much of the past is kept. */
export interface RetentionOptions {
  /** How long settled messages are kept, in milliseconds. Default: 7 days. */
  readonly messagesMs: number;
  /** How many events of each workspace are kept at most. Default: 100 000. */
  readonly eventsPerWorkspace: number;
  /** How often the past is looked through, in milliseconds. Default: 10 minutes. */
  readonly everyMs: number;
}

/** Messages for 7 days, 100 000 events of each workspace, looked through every 10 minutes. */
export const defaultRetention: RetentionOptions = {
  messagesMs: 7 * 24 * 3_600_000,
  eventsPerWorkspace: 100_000,
  everyMs: 600_000,
};

/** What retention works with. */
export interface RetentionContext {
  /** Whose past it is. */
  readonly store: Store;
  /** Every workspace there is. */
  readonly workspaceIds: () => Promise<readonly string[]>;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** How many messages are forgotten in one call of the store. */
const BATCH = 1_000;

/** Forgets what is old, so that a store does not grow for ever. Queued and unknown messages stay. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #context: RetentionContext;
  #cancel: (() => void) | undefined;

  /**
   * @param options how much is kept
   * @param context what it works with
   */
  constructor(options: RetentionOptions, context: RetentionContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Looks through the past from now on. */
  start(): void {
    const { clock, logger } = this.#context;
    this.#cancel = clock.schedule(this.#options.everyMs, () => {
      this.start();
      this.sweep().catch((error: unknown) => {
        logger.warn('old messages and events could not be forgotten', { error });
      });
    });
  }

  /** Stops. Idempotent. */
  stop(): void {
    this.#cancel?.();
  }

  /** Forgets what is old, now. */
  async sweep(): Promise<void> {
    const { store, clock, workspaceIds } = this.#context;
    await store.deliveries.pruneDead(clock.now() - deliveryLimits.deadMs);
    const { messagesMs, eventsPerWorkspace } = this.#options;
    for (const workspaceId of await workspaceIds()) {
      const now = clock.now();
      const old = { workspaceId, before: now - messagesMs, now, limit: BATCH };
      while ((await store.outbox.prune(old)) === BATCH);
      const { headSeq } = await store.events.bounds(workspaceId);
      if (headSeq > eventsPerWorkspace) {
        await store.events.trim(workspaceId, headSeq - eventsPerWorkspace);
      }
    }
  }
}
