import type { LaneName } from '../../messages/outgoing-message';
import { type Due, dueAt, holdsUp } from '../../outbox/due';
import { Heap } from './heap';

/** What a queue needs to know of a message. */
export interface QueuedMessage extends Due {
  /** Its id. */
  readonly message_id: string;
  /** Its place in the order of acceptance. */
  readonly position: number;
  /** Which lane it takes. */
  readonly lane: LaneName;
  /** Where it goes: messages with the same key keep their order. */
  readonly recipient: {
    /** The same for every spelling of the same recipient. */
    readonly key: string;
  };
}

/** What may be sent now, as far as a queue knows its messages. */
export interface QueueClaim<R> {
  /** The next message of each free recipient, in the order in which to begin. */
  readonly messages: readonly R[];
  /** When to look again if nothing else happens, milliseconds since 1970. */
  readonly nextAt: number | undefined;
}

/** A queued message's place in the queue. Leaves it by `isGone`; heaps drop it when it surfaces. */
interface Entry<R> {
  readonly record: R;
  readonly line: Line<R>;
  /** Whether it stands in its line, as opposed to being scheduled for later. */
  inLine: boolean;
  /** Whether it is among those that come due later. */
  isPending: boolean;
  /** Whether it is among the heads of its lane. */
  isHead: boolean;
  isGone: boolean;
}

/** The messages of one lane that go to one recipient, by age. */
interface Line<R> {
  readonly key: string;
  readonly lane: Lane<R>;
  readonly waiting: Heap<Entry<R>>;
  /** How many messages it has, those scheduled for later included. */
  size: number;
}

/** One lane of a session: a line per recipient, and the first of each line by age. */
interface Lane<R> {
  readonly lines: Map<string, Line<R>>;
  readonly heads: Heap<Entry<R>>;
}

const byAge = <R extends QueuedMessage>(entry: Entry<R>): number => entry.record.position;

function newLane<R extends QueuedMessage>(): Lane<R> {
  return { lines: new Map(), heads: new Heap<Entry<R>>(byAge) };
}

/**
 * The queued messages of one session, indexed so that a claim costs in proportion to what it gives
 * plus what is busy, however much is queued.
 */
export class SessionQueue<R extends QueuedMessage> {
  readonly #entries = new Map<string, Entry<R>>();
  readonly #lanes: Readonly<Record<LaneName, Lane<R>>> = {
    interactive: newLane(),
    bulk: newLane(),
  };
  readonly #later = new Heap<Entry<R>>((entry) => dueAt(entry.record));

  /** Puts a queued message in its place. */
  add(record: R, now: number): void {
    const lane = this.#lanes[record.lane];
    const key = record.recipient.key;
    const line = lane.lines.get(key) ?? { key, lane, waiting: new Heap<Entry<R>>(byAge), size: 0 };
    line.size++;
    lane.lines.set(key, line);
    const state = { inLine: false, isPending: false, isHead: false, isGone: false };
    const entry: Entry<R> = { record, line, ...state };
    this.#entries.set(record.message_id, entry);
    this.#place(entry, now);
  }

  /** Takes a message out. */
  remove(messageId: string): void {
    const entry = this.#entries.get(messageId);
    if (entry === undefined) return;
    entry.isGone = true;
    this.#entries.delete(messageId);
    entry.line.size--;
    if (entry.line.size === 0) entry.line.lane.lines.delete(entry.line.key);
    else this.#showHead(entry.line);
  }

  /** What may be sent now. */
  claim(now: number, limit: number, busy: ReadonlySet<string>): QueueClaim<R> {
    this.#promote(now);
    const messages: R[] = [];
    const taken = new Set<string>();
    for (const lane of [this.#lanes.interactive, this.#lanes.bulk]) {
      const seen: Entry<R>[] = [];
      while (messages.length < limit) {
        const head = this.#popHead(lane, now);
        if (head === undefined) break;
        seen.push(head);
        const key = head.record.recipient.key;
        if (busy.has(key) || taken.has(key)) continue;
        taken.add(key);
        messages.push(head.record);
      }
      for (const head of seen) this.#show(head);
    }
    const next = this.#peekLater();
    return { messages, nextAt: next === undefined ? undefined : dueAt(next.record) };
  }

  #place(entry: Entry<R>, now: number): void {
    const isDue = dueAt(entry.record) <= now;
    if (!isDue && !entry.isPending) {
      entry.isPending = true;
      this.#later.push(entry);
    }
    if (isDue || holdsUp(entry.record, now)) {
      entry.inLine = true;
      entry.line.waiting.push(entry);
      this.#showHead(entry.line);
    }
  }

  /** Those whose time has come join their lines, or hold them up no longer. */
  #promote(now: number): void {
    for (let entry = this.#peekLater(); entry !== undefined; entry = this.#peekLater()) {
      if (dueAt(entry.record) > now) return;
      this.#later.pop();
      entry.isPending = false;
      if (entry.inLine) this.#showHead(entry.line);
      else this.#place(entry, now);
    }
  }

  /** The lane's next head that is due, taken out of the heads. */
  #popHead(lane: Lane<R>, now: number): Entry<R> | undefined {
    for (let entry = lane.heads.pop(); entry !== undefined; entry = lane.heads.pop()) {
      entry.isHead = false;
      if (first(entry.line) !== entry) continue;
      if (dueAt(entry.record) <= now) return entry;
      // It backs off, or the clock was set back: it is shown again when its time comes.
      if (!holdsUp(entry.record, now)) {
        entry.line.waiting.pop();
        entry.inLine = false;
        this.#showHead(entry.line);
      }
      if (!entry.isPending) {
        entry.isPending = true;
        this.#later.push(entry);
      }
    }
    return undefined;
  }

  #peekLater(): Entry<R> | undefined {
    while (this.#later.peek()?.isGone) this.#later.pop();
    return this.#later.peek();
  }

  #showHead(line: Line<R>): void {
    const head = first(line);
    if (head !== undefined) this.#show(head);
  }

  #show(entry: Entry<R>): void {
    if (entry.isHead || entry.isGone) return;
    entry.isHead = true;
    entry.line.lane.heads.push(entry);
  }
}

function first<R>(line: Line<R>): Entry<R> | undefined {
  while (line.waiting.peek()?.isGone) line.waiting.pop();
  return line.waiting.peek();
}
