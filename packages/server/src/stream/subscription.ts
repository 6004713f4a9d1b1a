import type { Clock, EventStore } from '@blazz/core';
import type { SubscribeFrame } from './client-frames';
import { CursorKeeper } from './cursor-keeper';
import { EventFilter } from './event-filter';
import type { FramePage } from './frame-page';
import type { SharedLog } from './shared-log';
import type { SharedLogs } from './shared-logs';
import type { StreamWriter } from './stream-writer';

/** What a subscription works with. */
export interface SubscriptionContext {
  /** Where consumers' places are kept. */
  readonly events: EventStore;
  /** The logs, shared with other streams. */
  readonly logs: SharedLogs;
  /** Time. */
  readonly clock: Clock;
  /** Where frames go. */
  readonly writer: StreamWriter;
  /** Hears how many events were written. */
  readonly onStreamed: (count: number) => void;
}

/** One workspace's log on one stream: pulled from the store by cursor, at the reader's own speed. */
export class Subscription {
  readonly #context: SubscriptionContext;
  readonly #request: SubscribeFrame;
  readonly #filter: EventFilter;
  readonly #cursors: CursorKeeper | undefined;
  /** How far the log was shown to the client; undefined before it is known where to begin. */
  #shown: number | undefined;
  #acknowledged = 0;
  #closed = false;
  #grown = false;
  #wake: () => void = () => undefined;

  /**
   * @param request what the client asked for
   * @param context what it works with
   */
  constructor(request: SubscribeFrame, context: SubscriptionContext) {
    const { workspaceId, consumer } = request;
    const { events, clock } = context;
    this.#context = context;
    this.#request = request;
    this.#filter = new EventFilter(request);
    this.#cursors =
      consumer === undefined
        ? undefined
        : new CursorKeeper({ workspaceId, consumer }, events, clock);
  }

  /**
   * Writes the log until the subscription is closed.
   * @throws what the store throws
   */
  async run(): Promise<void> {
    const { logs, writer } = this.#context;
    const { log, leave } = logs.enter(this.#request.workspaceId, () => {
      this.#grown = true;
      this.#wake();
    });
    try {
      if (this.#closed) return;
      let cursor = await this.#begin(log);
      this.#shown = cursor;
      this.ack(this.#acknowledged);
      while (!this.#closed) {
        this.#grown = false;
        const page = await log.read(cursor, this.#filter);
        if (this.#closed) return;
        cursor = this.#fromOldest(cursor, page);
        await this.#write(page);
        cursor = Math.max(cursor, page.next);
        this.#shown = cursor;
        if (!writer.ready) await writer.drained();
        else if (page.isLast) await this.#growth();
      }
    } finally {
      leave();
    }
  }

  /**
   * Notes that the client has handled everything up to `seq`. Nobody can have handled what was not
   * shown: a cursor beyond that would stay there for good, since cursors never go back.
   */
  ack(seq: number): void {
    if (this.#shown === undefined) this.#acknowledged = Math.max(seq, this.#acknowledged);
    else this.#cursors?.save(Math.min(seq, this.#shown));
  }

  /** Notes that the client is there. Called at each of its heartbeats. */
  seen(): void {
    this.#cursors?.seen();
  }

  /** Ends it. {@link run} resolves soon after. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Resolves when acknowledgements have been written. */
  async flushed(): Promise<void> {
    await this.#cursors?.flushed();
  }

  async #begin(log: SharedLog): Promise<number> {
    const { workspaceId } = this.#request;
    const { oldestSeq, headSeq } = await log.bounds();
    const saved = await this.#cursors?.begin();
    const cursor = startOf(this.#request.after, saved, oldestSeq, headSeq);
    const bounds = { oldest_seq: oldestSeq, head_seq: headSeq };
    this.#send({ type: 'subscribed', workspace_id: workspaceId, after: cursor, ...bounds });
    if (cursor <= headSeq) return cursor;
    // The log is younger than the cursor: it began anew, and `to` before `from` says so.
    this.#send({ type: 'gap', workspace_id: workspaceId, from: cursor + 1, to: oldestSeq - 1 });
    return oldestSeq - 1;
  }

  /** Tells of events that were gone before they could be read. */
  #fromOldest(cursor: number, { oldestSeq }: FramePage): number {
    if (cursor >= oldestSeq - 1) return cursor;
    const { workspaceId } = this.#request;
    this.#send({ type: 'gap', workspace_id: workspaceId, from: cursor + 1, to: oldestSeq - 1 });
    return oldestSeq - 1;
  }

  async #write(page: FramePage): Promise<void> {
    const { writer, onStreamed } = this.#context;
    for (const { bytes, lastSeq, count } of page.stretches(this.#filter)) {
      if (!writer.ready) await writer.drained();
      if (this.#closed) return;
      writer.write(bytes);
      this.#shown = lastSeq;
      onStreamed(count);
    }
  }

  #growth(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#grown || this.#closed) resolve();
    });
  }

  #send(frame: Readonly<Record<string, unknown>>): void {
    this.#context.writer.send(JSON.stringify(frame));
  }
}

/** A number is taken at its word; otherwise a consumer goes on where it was. */
function startOf(
  after: SubscribeFrame['after'],
  saved: number | undefined,
  oldestSeq: number,
  headSeq: number,
): number {
  if (typeof after === 'number') return after;
  if (saved !== undefined) return saved;
  return after === 'oldest' ? oldestSeq - 1 : headSeq;
}
