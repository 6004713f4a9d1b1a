import type { IntakeDepth, IntakeEntry, QuarantinedEntry } from '../intake-store';

/** What came in for one workspace: what waits, by session, and what was set aside. */
export class IntakeShelf {
  /** By session, in the order in which they came. */
  readonly #waiting = new Map<string, Map<string, IntakeEntry>>();
  /** The session of each entry that waits. */
  readonly #sessions = new Map<string, string>();
  readonly #aside = new Map<string, QuarantinedEntry>();
  /** The ids of what was set aside, oldest first. */
  readonly #asideIds: string[] = [];

  /** How many entries are where. */
  get depth(): IntakeDepth {
    return { waiting: this.#sessions.size, quarantined: this.#aside.size };
  }

  /** The sessions for which something waits. */
  get waitingSessions(): Iterable<string> {
    return this.#waiting.keys();
  }

  /** Whether an entry is kept, waiting or set aside. */
  has(entryId: string): boolean {
    return this.#sessions.has(entryId) || this.#aside.has(entryId);
  }

  /** Keeps an entry, as the last of its session's. */
  add(entry: IntakeEntry): void {
    const { session_id, entry_id } = entry;
    const own = this.#waiting.get(session_id) ?? new Map<string, IntakeEntry>();
    this.#waiting.set(session_id, own.set(entry_id, entry));
    this.#sessions.set(entry_id, session_id);
  }

  /** What waits for a session, in order, at most so many. */
  waiting(sessionId: string, limit: number): readonly IntakeEntry[] {
    return take(this.#waiting.get(sessionId)?.values() ?? [], limit);
  }

  /** Forgets an entry that waits. @returns whether it did */
  remove(entryId: string): boolean {
    const sessionId = this.#sessions.get(entryId);
    if (sessionId === undefined) return false;
    this.#sessions.delete(entryId);
    const own = this.#waiting.get(sessionId);
    own?.delete(entryId);
    if (own?.size === 0) this.#waiting.delete(sessionId);
    return true;
  }

  /** Sets an entry aside, new or waiting. */
  setAside(entry: QuarantinedEntry): void {
    const id = entry.entry_id;
    this.remove(id);
    if (!this.#aside.has(id)) this.#asideIds.splice(this.#placeOf(id), 0, id);
    this.#aside.set(id, entry);
  }

  /** Takes an entry out of those set aside. */
  takeBack(entryId: string): QuarantinedEntry | undefined {
    const entry = this.#aside.get(entryId);
    if (entry === undefined) return undefined;
    this.#aside.delete(entryId);
    this.#asideIds.splice(this.#placeOf(entryId), 1);
    return entry;
  }

  /** What was set aside, newest first, at most so many; only those older than `before`. */
  aside(before: string | undefined, limit: number): readonly QuarantinedEntry[] {
    const end = before === undefined ? this.#asideIds.length : this.#placeOf(before);
    const ids = this.#asideIds.slice(Math.max(0, end - limit), end).reverse();
    return ids.flatMap((id) => this.#aside.get(id) ?? []);
  }

  /** The accounts of what was set aside, each once, in order. */
  accounts(after: string, limit: number): readonly string[] {
    const accounts = [...this.#aside.values()].flatMap(({ account }) => account ?? []);
    return [...new Set(accounts)]
      .filter((account) => account > after)
      .sort()
      .slice(0, limit);
  }

  /** What was set aside about an account, oldest first, at most so many; only those newer than `after`. */
  about(account: string, after: string, limit: number): readonly QuarantinedEntry[] {
    const entries = this.#asideIds.flatMap((id) => (id > after && this.#aside.get(id)) || []);
    return entries.filter((entry) => entry.account === account).slice(0, limit);
  }

  /** Forgets what was set aside before a time, at most so many. @returns how many */
  prune(before: number, limit: number): number {
    const old = [...this.#aside.values()].filter(({ quarantined_at }) => quarantined_at < before);
    const gone = old.slice(0, limit);
    for (const { entry_id } of gone) this.takeBack(entry_id);
    return gone.length;
  }

  /** Where an id stands among those set aside, or would stand. */
  #placeOf(id: string): number {
    let [low, high] = [0, this.#asideIds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#asideIds[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function take<T>(values: Iterable<T>, limit: number): readonly T[] {
  const taken: T[] = [];
  for (const value of values) {
    if (taken.length >= limit) break;
    taken.push(value);
  }
  return taken;
}
