import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Store } from '../store/store';
import { deliveryLimits } from '../webhooks/delivery-schedule';
import type { WorkspaceSource } from './workspace-source';

/** How much of the past is kept. */
export interface RetentionOptions {
  /** How long settled messages are kept, in milliseconds. Default: 7 days. */
  readonly messagesMs: number;
  /** How many events of each workspace are kept at most. Default: 100 000. */
  readonly eventsPerWorkspace: number;
  /** How long events are kept, in milliseconds. Default: 30 days. */
  readonly eventsMs: number;
  /**
   * How long the place of a named consumer that is not seen any more is kept, in milliseconds. Default: 30 days.
   */
  readonly consumersMs: number;
  /** How often the past is looked through, in milliseconds. Default: 10 minutes. */
  readonly everyMs: number;
}

/** Messages for 7 days, events and consumers for 30, 100 000 events of each workspace; looked through every 10 minutes. */
export const defaultRetention: RetentionOptions = {
  messagesMs: 7 * 24 * 3_600_000,
  eventsPerWorkspace: 100_000,
  eventsMs: 30 * 24 * 3_600_000,
  consumersMs: 30 * 24 * 3_600_000,
  everyMs: 600_000,
};

/** What retention works with. */
export interface RetentionContext {
  /** Whose past it is. */
  readonly store: Store;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** How many events are looked at, and small things are forgotten, in one call of the store. */
const BATCH = 1_000;

/** How long what was set aside is kept for somebody to look at, in milliseconds: 30 days. */
const QUARANTINE_MS = 30 * 24 * 3_600_000;
/** How many messages are forgotten in one call: each is rows in several tables, and nothing else is done meanwhile. */
const MESSAGES = 250;

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
    const { store, clock } = this.#context;
    const { messagesMs, eventsPerWorkspace, eventsMs, consumersMs } = this.#options;
    const start = clock.now();
    await inPages((limit) => store.deliveries.pruneDead(start - deliveryLimits.deadMs, limit));
    await inPages((limit) => store.events.forgetKeys(start, limit));
    await inPages((limit) => store.events.forgetCursors(start - consumersMs, limit));
    await inPages((limit) => store.intake.pruneQuarantined(start - QUARANTINE_MS, limit));
    for (const workspaceId of await this.#workspaceIds()) {
      const now = clock.now();
      const old = { workspaceId, before: now - messagesMs, now, limit: MESSAGES };
      while ((await store.outbox.prune(old)) === MESSAGES);
      const { headSeq } = await store.events.bounds(workspaceId);
      if (headSeq > eventsPerWorkspace) {
        await store.events.trim(workspaceId, headSeq - eventsPerWorkspace, now);
      }
      await this.#trimBefore(workspaceId, new Date(now - eventsMs).toISOString());
    }
  }

  /** Those with a past too: one that was removed, or that nobody has asked for since the start. */
  async #workspaceIds(): Promise<Iterable<string>> {
    const { source, store } = this.#context;
    const known = await Promise.all([source.list(), store.sessions.list()]);
    return new Set(known.flat().map((each) => each.workspace_id));
  }

  /** Events are in the order of time, so the first that is young enough ends the look. */
  async #trimBefore(workspaceId: string, time: string): Promise<void> {
    const { events } = this.#context.store;
    for (;;) {
      const page = await events.read(workspaceId, { after: 0, limit: BATCH });
      const young = page.events.findIndex((event) => event.time >= time);
      const old = page.events.at(young < 0 ? -1 : young - 1);
      if (young === 0 || old === undefined) return;
      await events.trim(workspaceId, old.seq, this.#context.clock.now());
      if (young > 0) return;
    }
  }
}

/** Forgets a page at a time: others have their turn in between. */
async function inPages(forget: (limit: number) => Promise<number>): Promise<void> {
  while ((await forget(BATCH)) === BATCH);
}
