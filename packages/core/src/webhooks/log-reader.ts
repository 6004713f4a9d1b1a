import type { Clock } from '../clock';
import type { GatewayEvent } from '../events/event';
import type { WebhookEndpoint } from '../store/delivery-store';
import { type EventStore, ownConsumers } from '../store/event-store';

/** A stretch of the log that was forgotten before it was read. */
export interface LogGap {
  /** Its first `seq`. */
  readonly from: number;
  /** Its last `seq`. */
  readonly to: number;
}

/** How many events are read from the store at once. */
const PAGE = 100;

/** Under which consumer name an endpoint's place in the log is kept. */
export function consumerOf(endpointId: string): string {
  return `${ownConsumers}${endpointId}`;
}

/**
 * Reads the log for one endpoint, and keeps its place: the place moves past an event only when the
 * event, and all before it, have been dealt with.
 */
export class LogReader {
  readonly #events: EventStore;
  readonly #endpoint: WebhookEndpoint;
  readonly #clock: Clock;
  readonly #open = new Set<number>();
  #page: GatewayEvent[] = [];
  #read = 0;
  #saved = 0;
  #saving: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /**
   * @param events the log
   * @param endpoint whose place it is
   * @param clock time
   */
  constructor(events: EventStore, endpoint: WebhookEndpoint, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
    this.#endpoint = endpoint;
  }

  /** Goes to where the endpoint stands. */
  async start(): Promise<void> {
    const { workspace_id, endpoint_id } = this.#endpoint;
    this.#read = (await this.#events.cursor(workspace_id, consumerOf(endpoint_id))) ?? 0;
    this.#saved = this.#read;
  }

  /** The next event that the endpoint wants, left in its place; or a gap; `undefined` at the end. */
  async peek(): Promise<GatewayEvent | LogGap | undefined> {
    while (this.#page.length === 0) {
      const { workspace_id, types, sessions } = this.#endpoint;
      const after = this.#read;
      const query = { after, limit: PAGE, types, sessions };
      const page = await this.#events.read(workspace_id, query);
      if (page.oldestSeq > after + 1 && page.headSeq > after) {
        return { from: after + 1, to: page.oldestSeq - 1 };
      }
      this.#page = [...page.events];
      if (this.#page.length === 0) this.#read = Math.max(after, page.next);
      if (this.#page.length === 0 && page.next >= page.headSeq) return undefined;
    }
    return this.#page[0];
  }

  /** Takes what was peeked at. Call {@link LogReader.done} with its `seq` once it has been dealt with. */
  take(seq: number): void {
    if (this.#page[0]?.seq === seq) this.#page.shift();
    this.#read = seq;
    this.#open.add(seq);
  }

  /** An event has been dealt with: delivered, or written down to be tried again. */
  done(seq: number): void {
    this.#open.delete(seq);
  }

  /** Writes the place down, if it has moved. One write at a time: those who ask meanwhile share the next. */
  save(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const saving = this.#saving.then(async () => {
      this.#next = undefined;
      const place = Math.min(this.#read, ...[...this.#open].map((seq) => seq - 1));
      if (place <= this.#saved) return;
      const { workspace_id, endpoint_id } = this.#endpoint;
      const consumer = consumerOf(endpoint_id);
      await this.#events.saveCursor(workspace_id, consumer, place, this.#clock.now());
      this.#saved = place;
    });
    this.#next = saving;
    this.#saving = saving.catch(() => undefined);
    return saving;
  }
}
