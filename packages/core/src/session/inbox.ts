import { isGatewayError } from '../errors/gateway-error';
import type { EventDraft } from '../events/event';
import type { EventStore } from '../store/event-store';
import { type InsistContext, insist } from '../store/insist';
import type { SessionFence } from '../store/outbox-store';

/** What an inbox needs. */
export interface InboxContext extends InsistContext {
  /** The log. */
  readonly events: EventStore;
}

/** Told when a write was given up, with what the store said to it. Must not throw. */
export type OnLost = (error: unknown) => void;

/** An event that waits to be written. */
interface Draft {
  /** The event. */
  readonly draft: EventDraft;
  /** Whom its loss is told. */
  readonly onLost: OnLost | undefined;
}

/**
 * Writes what a session's provider reports: in order, each durable before the next, and again
 * until the store takes it. Events that are reported in one turn of the event loop share one write.
 * A write that is given up is logged, and told to whoever asked for it, and to nobody else.
 */
export class Inbox {
  readonly #context: InboxContext;
  /** The batch at the end of the queue, while events may still join it. */
  #open: { readonly epoch: number; readonly drafts: Draft[] } | undefined;
  /** The writes at the end of the queue that go together, while others may still join them. */
  #joined: (() => Promise<void>)[] | undefined;
  #tail: Promise<void> = Promise.resolve();

  /** @param context what the inbox needs */
  constructor(context: InboxContext) {
    this.#context = context;
  }

  /** Appends an event to the log, in its turn. */
  publish(fence: SessionFence, draft: EventDraft, onLost?: OnLost): void {
    if (this.#open?.epoch === fence.epoch) {
      this.#open.drafts.push({ draft, onLost });
      return;
    }
    const batch = { epoch: fence.epoch, drafts: [{ draft, onLost }] };
    this.#next(async () => {
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
   * come one after the other in one turn of the event loop are done at once, each for itself.
   */
  join(write: () => Promise<void>, onLost?: OnLost): void {
    const own = (): Promise<void> => this.#insist(write, onLost);
    if (this.#joined !== undefined) {
      this.#joined.push(own);
      return;
    }
    const writes = [own];
    this.#next(async () => {
      if (this.#joined === writes) this.#joined = undefined;
      await Promise.all(writes.map((each) => each()));
    });
    this.#joined = writes;
  }

  /** Does some other write, in its turn; repeated while the store is unavailable. */
  run(write: () => Promise<void>, onLost?: OnLost): void {
    this.#next(() => this.#insist(write, onLost));
  }

  /** Resolves when everything reported so far is written. */
  async drained(): Promise<void> {
    await this.#tail;
  }

  /** Has work done in its turn, and whatever comes later done after it. The work never rejects. */
  #next(work: () => Promise<void>): void {
    this.#open = undefined;
    this.#joined = undefined;
    this.#tail = this.#tail.then(work);
  }

  #insist(write: () => Promise<void>, onLost: OnLost | undefined): Promise<void> {
    return insist(write, this.#context).catch((error: unknown) => this.#giveUp(error, [onLost]));
  }

  /** Events share a write, and not each other's faults: where one may be refused, each goes alone. */
  async #appendAll(fence: SessionFence, drafts: readonly Draft[]): Promise<void> {
    const { events } = this.#context;
    const append = (some: readonly Draft[]): Promise<unknown> =>
      insist(
        () =>
          events.append(
            fence,
            some.map(({ draft }) => draft),
          ),
        this.#context,
      );
    try {
      await append(drafts);
    } catch (error) {
      const isOfAll = drafts.length === 1 || (isGatewayError(error) && error.retryable);
      if (isOfAll)
        return this.#giveUp(
          error,
          drafts.map(({ onLost }) => onLost),
        );
      for (const each of drafts) {
        await append([each]).catch((refusal: unknown) => this.#giveUp(refusal, [each.onLost]));
      }
    }
  }

  #giveUp(error: unknown, told: readonly (OnLost | undefined)[]): void {
    this.#context.logger.error('an event could not be written', { error, count: told.length });
    for (const onLost of told) onLost?.(error);
  }
}
