import type { EventDraft, GatewayEvent } from '../../events/event';
import {
  type Consumer,
  type ConsumerQuery,
  type EventPage,
  type EventQuery,
  type LogBounds,
  ownConsumers,
} from '../event-store';
import { snapshot } from './snapshot';

/** One workspace's log, its cursors and its watchers. */
export class EventLog {
  readonly #workspaceId: string;
  /** What is kept, oldest first, with the key that it was deduplicated by. */
  #kept: { readonly event: GatewayEvent; readonly key: string | undefined }[] = [];
  #headSeq = 0;
  readonly #keys = new Set<string>();
  /** Keys of events that were trimmed, oldest first, with the time of the event. */
  readonly #trimmedKeys = new Map<string, string>();
  readonly #cursors = new Map<string, { readonly seq: number; readonly seenAt: number }>();
  readonly #listeners = new Set<(headSeq: number) => void>();
  #isTelling = false;

  /** @param workspaceId the tenant */
  constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  /** The ends of the log. */
  get bounds(): LogBounds {
    return { oldestSeq: this.#headSeq - this.#kept.length + 1, headSeq: this.#headSeq };
  }

  /** Appends what is new. */
  append(drafts: readonly EventDraft[]): readonly GatewayEvent[] {
    const appended: GatewayEvent[] = [];
    for (const draft of drafts) {
      const key = draft.dedupe_key;
      if (key !== undefined && this.#keys.has(key)) continue;
      if (key !== undefined) this.#keys.add(key);
      const seq = ++this.#headSeq;
      const event = Object.freeze({
        id: draft.id,
        type: draft.type,
        session_id: draft.session_id,
        time: draft.time,
        data: snapshot(draft.data),
        seq,
        workspace_id: this.#workspaceId,
      }) as GatewayEvent;
      this.#kept.push({ event, key });
      appended.push(event);
    }
    if (appended.length > 0) this.#tell();
    return appended;
  }

  /** Reads a stretch. */
  read(query: EventQuery): EventPage {
    const { oldestSeq, headSeq } = this.bounds;
    const types = query.types && new Set<string>(query.types);
    const sessions = query.sessions && new Set(query.sessions);
    const events: GatewayEvent[] = [];
    let next = Math.max(query.after, oldestSeq - 1);
    while (next < headSeq && events.length < query.limit) {
      const event = this.#kept[next - oldestSeq + 1]?.event;
      next += 1;
      if (event === undefined || types?.has(event.type) === false) continue;
      if (sessions?.has(event.session_id) !== false) events.push(event);
    }
    return { events, next, oldestSeq, headSeq };
  }

  /** Forgets what is old; keys of what happened after `since` stay known. */
  trim(seq: number, since: string): number {
    const count = Math.min(Math.max(0, seq - this.bounds.oldestSeq + 1), this.#kept.length);
    for (const { event, key } of this.#kept.slice(0, count)) {
      if (key === undefined) continue;
      if (event.time > since) this.#trimmedKeys.set(key, event.time);
      else this.#keys.delete(key);
    }
    this.#kept = this.#kept.slice(count);
    return count;
  }

  /** Forgets keys of trimmed events that happened at `since` or before, at most so many. */
  forgetKeys(since: string, limit: number): number {
    let forgotten = 0;
    for (const [key, time] of this.#trimmedKeys) {
      if (time > since || forgotten === limit) break;
      this.#trimmedKeys.delete(key);
      this.#keys.delete(key);
      forgotten++;
    }
    return forgotten;
  }

  /** Where a consumer stands. */
  cursor(consumer: string): number | undefined {
    return this.#cursors.get(consumer)?.seq;
  }

  /** Those that have a name of their own, by it. */
  consumers({ after = '', limit }: ConsumerQuery): readonly Consumer[] {
    const names = [...this.#cursors.keys()].filter(
      (name) => name > after && !name.startsWith(ownConsumers),
    );
    return names
      .sort()
      .slice(0, limit)
      .flatMap((consumer) => {
        const place = this.#cursors.get(consumer);
        return place === undefined ? [] : [{ consumer, seq: place.seq, seen_at: place.seenAt }];
      });
  }

  /** Moves a consumer on. */
  saveCursor(consumer: string, seq: number, now: number): void {
    const last = this.#cursors.get(consumer) ?? { seq, seenAt: now };
    const [highest, latest] = [Math.max(seq, last.seq), Math.max(now, last.seenAt)];
    this.#cursors.set(consumer, { seq: highest, seenAt: latest });
  }

  /** Forgets a consumer. */
  deleteCursor(consumer: string): boolean {
    return this.#cursors.delete(consumer);
  }

  /** Forgets consumers that were not seen since a time, and are behind; at most so many. */
  forgetCursors(before: number, limit: number): number {
    let count = 0;
    for (const [consumer, { seq, seenAt }] of this.#cursors) {
      if (count === limit) break;
      if (seenAt >= before || seq >= this.#headSeq || consumer.startsWith(ownConsumers)) continue;
      this.#cursors.delete(consumer);
      count++;
    }
    return count;
  }

  /** Adds a listener, also when the same function listens already. */
  watch(listener: (headSeq: number) => void): () => void {
    const own = (headSeq: number): void => listener(headSeq);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #tell(): void {
    if (this.#isTelling || this.#listeners.size === 0) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) {
        if (this.#listeners.has(listener)) listener(this.#headSeq);
      }
    });
  }
}
