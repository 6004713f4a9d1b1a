import type { EventDraft } from '../events/event';
import type { EventStore } from '../store/event-store';
import { type InsistContext, insist, isForGood } from '../store/insist';
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
  /** The writes at the end of the queue that go together, while others may still join them. */
  #joined: (() => Promise<void>)[] | undefined;
  #tail: Promise<void> = Promise.resolve();
  #lost = 0;
  #lastLoss: unknown;

  /** @param context what the inbox needs */
  constructor(context: InboxContext) {
    this.#context = context;
  }

  /** How many writes were given up so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Why the last of them was given up. */
  get lastLoss(): unknown {
    return this.#lastLoss;
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
      await this.#appendAll(fence, batch.drafts);
    });
    this.#open = batch;
  }

  /** Appends an event from within a write that has its turn. Resolves once it is durable. */
  async append(fence: SessionFence, draft: EventDraft): Promise<void> {
    await this.#context.events.append(fence, [draft]);
  }

  /**
   * Does a write whose order among its like does not matter, and that may be done twice: those that
   * come one after the other in one turn of the event loop are done at once.
   */
  join(write: () => Promise<void>): void {
    if (this.#joined !== undefined) {
      this.#joined.push(write);
      return;
    }
    const writes = [write];
    this.run(async () => {
      if (this.#joined === writes) this.#joined = undefined;
      // Each for itself: one that is refused for good must not keep another from a second try.
      const ends = await Promise.allSettled(writes.map((each) => insist(each, this.#context)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    });
    this.#joined = writes;
  }

  /** Does some other write, in its turn; repeated while the store is unavailable. */
  run(write: () => Promise<void>): void {
    this.#open = undefined;
    this.#joined = undefined;
    this.#tail = this.#tail
      .then(() => insist(write, this.#context))
      .catch((error: unknown) => {
        this.#lost += 1;
        this.#lastLoss = error;
        this.#context.logger.error('an event could not be written', { error });
      });
  }

  /** Events share a write, and not each other's faults: one that is refused for good goes alone. */
  async #appendAll(fence: SessionFence, drafts: readonly EventDraft[]): Promise<void> {
    const { events } = this.#context;
    try {
      await events.append(fence, drafts);
    } catch (error) {
      if (drafts.length === 1 || !isForGood(error)) throw error;
      let refusal: unknown;
      for (const draft of drafts) {
        await insist(() => events.append(fence, [draft]), this.#context).catch((thrown) => {
          if (!isForGood(thrown)) throw thrown;
          refusal = thrown;
        });
      }
      if (refusal !== undefined) throw refusal;
    }
  }

  /** Resolves when everything reported so far is written. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}
