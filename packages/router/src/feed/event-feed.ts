import { type Clock, delay, systemClock, toId } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import { parseBaseUrl } from '../base-url';
import { type RetryDelayOptions, retryDelay } from '../retry-delay';
import { AckSender } from './ack-sender';
import type { EventFeedOptions, FeedStatus } from './event-feed-options';
import { FeedConnection } from './feed-connection';
import { FeedCursor } from './feed-cursor';
import { cursorAfter, type FeedItem } from './feed-item';
import { ItemQueue } from './item-queue';
import type { ServerFrame } from './server-frame';

const STREAM_PATH = '/internal/ws';
const ACK_INTERVAL_MS = 100;

/**
 * Follows the event log of a workspace: `for await (const item of feed)`. It connects again by itself
 * and resumes after the last acknowledgement, so that every event comes, in order, at least once
 * (once, as long as the process lives). Events that the log lost meanwhile come as one `stream.gap`.
 *
 * The loop ends when the feed is stopped, and throws a `GatewayError` when going on is pointless
 * (`signature_invalid`, `forbidden` …). Leaving the loop stops the feed.
 */
export class EventFeed implements AsyncIterable<FeedItem>, AsyncDisposable {
  readonly #options: EventFeedOptions;
  readonly #url: URL;
  readonly #signer: Signer;
  readonly #clock: Clock;
  readonly #workspaceId: string;
  readonly #backoff: RetryDelayOptions;
  readonly #cursor: FeedCursor;
  readonly #queue = new ItemQueue<FeedItem>();
  readonly #acks: AckSender;
  readonly #stopping = new AbortController();
  #connection: FeedConnection | undefined;
  #running: Promise<void> | undefined;
  #inHand: FeedItem | undefined;
  #paused = false;
  #failures = 0;

  /** @throws GatewayError `invalid_config` or `invalid_id` for a malformed address, key or workspace */
  constructor(options: EventFeedOptions) {
    const { clock = systemClock, key, after } = options;
    this.#options = options;
    this.#clock = clock;
    this.#url = parseBaseUrl(options.baseUrl, ['http:', 'https:']);
    this.#signer = 'sign' in key ? key : new Signer({ keyId: key.id, secret: key.secret, clock });
    this.#workspaceId = toId(options.workspaceId, 'workspaceId');
    this.#backoff = {
      baseMs: options.backoffMs ?? 250,
      maxMs: options.maxBackoffMs ?? 30_000,
    };
    this.#cursor = new FeedCursor(typeof after === 'number' ? after : undefined);
    this.#acks = new AckSender(clock, ACK_INTERVAL_MS, (seq) => this.#sendAck(seq));
  }

  /**
   * The `seq` up to which everything is handled; undefined until the instance said where the feed
   * begins. Whoever keeps it can start the next feed with it as `after`.
   */
  get acknowledged(): number | undefined {
    return this.#cursor.resumeAfter;
  }

  /** Begins to connect. Iterating does so too. Starting twice, or after a stop, does nothing. */
  start(): void {
    const { signal } = this.#options;
    if (this.#running !== undefined || this.#stopping.signal.aborted) return;
    const onAbort = (): void => {
      this.#queue.clear();
      this.#queue.end({ error: signal?.reason });
      this.#stopping.abort();
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    this.#running = this.#run().finally(() => signal?.removeEventListener('abort', onAbort));
  }

  /**
   * Acknowledges an event and everything before it; with `ack: 'manual'` nothing else does.
   * @throws GatewayError `bad_request` when the feed has not handed it out
   */
  ack(seq: number): void {
    if (this.#cursor.acknowledge(seq)) this.#acks.queue(seq);
  }

  /** Ends the feed and the consumer's loop. What waits in the buffer was not acknowledged and comes again. */
  async stop(): Promise<void> {
    this.#acks.flush();
    this.#queue.clear();
    this.#queue.end({});
    this.#stopping.abort();
    await this.#running;
  }

  /** {@inheritDoc EventFeed.stop} */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** The items, for one consumer: two loops over one feed share them. */
  [Symbol.asyncIterator](): AsyncIterator<FeedItem, undefined> {
    this.start();
    return {
      next: () => this.#next(),
      return: async () => {
        await this.stop();
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<FeedItem, undefined>> {
    const handled = this.#inHand;
    this.#inHand = undefined;
    if (handled !== undefined && this.#options.ack !== 'manual') this.ack(cursorAfter(handled));
    const item = await this.#queue.take();
    if (item === undefined) return { done: true, value: undefined };
    this.#cursor.take(item);
    this.#inHand = item;
    // Half-way down, so that the socket is not switched on and off with every event.
    if (this.#paused && this.#queue.size <= this.#bufferSize / 2) {
      this.#paused = false;
      this.#connection?.resume();
    }
    return { done: false, value: item };
  }

  get #bufferSize(): number {
    return this.#options.bufferSize ?? 256;
  }

  async #run(): Promise<void> {
    let status: FeedStatus = { type: 'stopped' };
    try {
      while (!this.#stopping.signal.aborted) await this.#connectOnce(this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        status = { type: 'stopped', error };
        this.#queue.end({ error });
      }
    }
    this.#acks.flush();
    this.#tell(status);
  }

  /** One connection and the wait after it. Throws when going on is pointless, or when stopped. */
  async #connectOnce(signal: AbortSignal): Promise<void> {
    this.#tell({ type: 'connecting' });
    const { host: authority } = this.#url;
    const signed = this.#signer.sign({ method: 'GET', authority, rawTarget: STREAM_PATH });
    this.#paused = false;
    this.#connection = new FeedConnection({
      url: `${this.#url.origin.replace(/^http/, 'ws')}${STREAM_PATH}`,
      headers: { ...signed },
      clock: this.#clock,
      connectTimeoutMs: this.#options.connectTimeoutMs ?? 10_000,
      onFrame: (frame) => this.#onFrame(frame),
    });
    const { error, fatal } = await this.#connection.run(signal);
    this.#connection = undefined;
    if (fatal) throw error;
    signal.throwIfAborted();
    this.#failures += 1;
    const pause = retryDelay(this.#backoff, this.#failures, this.#options.random ?? Math.random);
    const delayMs = (error.retryAfterMs ?? 0) + pause;
    this.#tell({ type: 'waiting', error, delayMs });
    await delay(this.#clock, delayMs, signal);
  }

  #onFrame(frame: ServerFrame): void {
    if (frame.kind === 'hello') return this.#subscribe(frame.headSeq);
    if (frame.kind === 'subscribed') return this.#cursor.begin(frame.after);
    if (frame.kind !== 'item') return;
    // An instance that greets and fails at once is not a success; one that delivers is.
    this.#failures = 0;
    if (!this.#cursor.receive(frame.item)) return;
    this.#queue.push(frame.item);
    if (this.#paused || this.#queue.size < this.#bufferSize) return;
    this.#paused = true;
    this.#connection?.pause();
  }

  #subscribe(headSeq: number | undefined): void {
    const { types, sessions, consumer, after } = this.#options;
    // By number, so that nothing falls between two connections while nothing has come yet.
    const atHead = after === 'head' || (after === undefined && consumer === undefined);
    if (atHead && headSeq !== undefined) this.#cursor.begin(headSeq);
    const resumeAfter = this.#cursor.resumeAfter;
    this.#connection?.send({
      type: 'subscribe',
      workspace_id: this.#workspaceId,
      after: resumeAfter ?? after,
      types,
      sessions,
      consumer,
    });
    // The last acknowledgement may have been lost with the connection that it went by.
    if (resumeAfter !== undefined && resumeAfter === this.#acks.last) this.#sendAck(resumeAfter);
    this.#tell({ type: 'open' });
  }

  #sendAck(seq: number): void {
    this.#connection?.send({ type: 'ack', seq, workspace_id: this.#workspaceId });
  }

  #tell(status: FeedStatus): void {
    this.#options.onStatus?.(status);
  }
}
