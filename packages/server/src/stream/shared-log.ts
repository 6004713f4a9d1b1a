import type { EventQuery, EventStore, LogBounds } from '@blazz/core';
import type { EventFilter } from './event-filter';
import { FramePage } from './frame-page';
import type { PageWindow } from './page-window';

/** What the readers of one workspace's log share. */
export interface SharedLogContext {
  /** The event log. */
  readonly events: EventStore;
  /** Where pages are kept for the next reader. */
  readonly window: PageWindow;
  /** How many events a page holds at most. */
  readonly pageSize: number;
}

/**
 * One workspace's log, as its readers share it: those at the same place share one read of the store
 * and one encoding of each event, and pages end at the same places wherever a reader began, so that
 * readers that are near each other come together.
 */
export class SharedLog {
  readonly #workspaceId: string;
  readonly #context: SharedLogContext;
  readonly #readers = new Set<() => void>();
  /** The pages that ended with the log, or that may: the log's growth makes them stale. */
  readonly #last = new Set<string>();
  #headSeq = 0;
  #unwatch: () => void = () => undefined;

  /**
   * @param workspaceId whose log it is
   * @param context what it works with
   */
  constructor(workspaceId: string, context: SharedLogContext) {
    this.#workspaceId = workspaceId;
    this.#context = context;
  }

  /** How many read it. */
  get size(): number {
    return this.#readers.size;
  }

  /** The ends of the log. */
  async bounds(): Promise<LogBounds> {
    const bounds = await this.#context.events.bounds(this.#workspaceId);
    this.#headSeq = Math.max(this.#headSeq, bounds.headSeq);
    return bounds;
  }

  /**
   * Takes in a reader, and calls `onGrown` soon after the log grew.
   * @returns lets the reader go
   */
  enter(onGrown: () => void): () => void {
    const reader = (): void => onGrown();
    if (this.#readers.size === 0) this.#watch();
    this.#readers.add(reader);
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      this.#unwatch();
      this.#forgetLast();
    };
  }

  /**
   * Reads the page after a `seq`. Only for readers that have entered: what is kept is kept fresh by
   * the watch that they hold.
   * @throws what the store throws
   */
  read(after: number, filter: EventFilter): Promise<FramePage> {
    const { pageSize, window } = this.#context;
    const limit = pageSize - (after % pageSize);
    // Near the head, where readers crowd, all read the same page, and each leaves out what it does
    // not want. Further back the store looks for what is rare.
    if (!filter.isOpen && this.#headSeq - after > pageSize) {
      return this.#load({ ...filter.query, after, limit: pageSize });
    }
    const name = `${this.#workspaceId}/${after}`;
    return window.get(name, async () => {
      this.#last.add(name);
      const page = await this.#load({ after, limit });
      if (!page.isLast) this.#last.delete(name);
      return page;
    });
  }

  async #load(query: EventQuery): Promise<FramePage> {
    const page = new FramePage(await this.#context.events.read(this.#workspaceId, query));
    this.#headSeq = Math.max(this.#headSeq, page.headSeq);
    return page;
  }

  #watch(): void {
    this.#unwatch = this.#context.events.watch(this.#workspaceId, (headSeq) => {
      this.#headSeq = headSeq;
      this.#forgetLast();
      for (const reader of [...this.#readers]) reader();
    });
  }

  #forgetLast(): void {
    for (const name of this.#last) this.#context.window.forget(name);
    this.#last.clear();
  }
}
