import type { EventDraft } from '../events/event';
import type { EventStore } from '../store/event-store';
import { type InsistContext, insist } from '../store/insist';
import type { SessionFence } from '../store/outbox-store';

/** What an inbox needs. */
export interface InboxContext extends InsistContext {
  /** The log. */
  readonly events: EventStore;
}

/**
 * Writes what a session's provider reports: in order, each durable before the next, and again
 * until the store takes it. Events that are reported in one turn of the event loop share one write.
 */
export class Inbox {
  readonly #context: InboxContext;
  /** The batch at the end of the queue, while events may still join it. */
  #open: { readonly epoch: number; readonly drafts: EventDraft[] } | undefined;
  #tail: Promise<void> = Promise.resolve();
  #lost = 0;

  /** @param context what the inbox needs */
  constructor(context: InboxContext) {
    this.#context = context;
  }

  /** How many writes were given up so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends an event to the log, in its turn. */
  publish(fence: SessionFence, draft: EventDraft): void {
    if (this.#open?.epoch === fence.epoch) {
      this.#open.drafts.push(draft);
      return;
    }
    const batch = { epoch: fence.epoch, drafts: [draft] };
    this.run(async () => {
      if (this.#open === batch) this.#open = undefined;
      await this.#context.events.append(fence, batch.drafts);
    });
    this.#open = batch;
  }

  /** Does some other write, in its turn; repeated while the store is unavailable. */
  run(write: () => Promise<void>): void {
    this.#open = undefined;
    this.#tail = this.#tail
      .then(() => insist(write, this.#context))
      .catch((error: unknown) => {
        this.#lost += 1;
        this.#context.logger.error('an event could not be written', { error });
      });
  }

  /** Resolves when everything reported so far is written. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
