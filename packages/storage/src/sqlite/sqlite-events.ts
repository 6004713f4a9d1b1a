import type {
  Consumer,
  ConsumerQuery,
  EventDraft,
  EventPage,
  EventQuery,
  EventStore,
  GatewayEvent,
  LogBounds,
  SessionFence,
} from '@blazz/core';
import { dedupeKeyMs } from '@blazz/core/adapters';
import type { Committer, Part } from './committer';
import type { Database, Value } from './database';
import { EventLog } from './event-log';
import { RowWriter } from './row-writer';
import { SqliteCursors } from './sqlite-cursors';
import type { SqliteLeases } from './sqlite-leases';

/** How many events are looked through at most for one page: a rare type must not stall the loop. */
const WINDOW = 10_000;

/** How many events one commit forgets at most. */
const TRIMMED_AT_ONCE = 5_000;

/** The event logs on disk. */
export class SqliteEvents implements EventStore, Part {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #leases: SqliteLeases;
  readonly #logs = new Map<string, EventLog>();
  readonly #rows: RowWriter;
  readonly #cursors: SqliteCursors;
  readonly #grown = new Set<EventLog>();
  readonly #untold = new Set<EventLog>();

  /**
   * @param database where they are
   * @param committer what writes go through
   * @param leases fences writes
   */
  constructor(database: Database, committer: Committer, leases: SqliteLeases) {
    this.#database = database;
    this.#committer = committer;
    this.#leases = leases;
    const columns = ['workspace_id', 'seq', 'type', 'session_id', 'dedupe_key', 'event'];
    this.#rows = new RowWriter(database, 'INSERT INTO events', columns);
    this.#cursors = new SqliteCursors(database, committer);
  }

  /** {@inheritDoc EventStore.append} */
  append(fence: SessionFence, drafts: readonly EventDraft[]): Promise<readonly GatewayEvent[]> {
    return this.#committer.write(() => {
      this.#leases.check(fence);
      return drafts.flatMap((draft) => this.add(fence.workspaceId, draft) ?? []);
    });
  }

  /** Puts one event down for the coming commit; `undefined` when the log has it already. */
  add(workspaceId: string, draft: EventDraft): GatewayEvent | undefined {
    const log = this.#log(workspaceId);
    const { id, type, session_id, time, data, dedupe_key } = draft;
    // As the file will have it: two halves of characters are one and the same there.
    const key = dedupe_key === undefined ? undefined : Buffer.from(dedupe_key).toString();
    if (key !== undefined && this.#has(log, workspaceId, key)) return undefined;
    if (key !== undefined) log.newKeys.add(key);
    const { oldestSeq, headSeq } = log.bounds;
    const seq = headSeq + 1;
    log.bounds = { oldestSeq, headSeq: seq };
    // Written out: a spread that gains a field takes 3 to 10 µs, this a twentieth of one.
    const facts = { id, type, session_id, time, data, seq, workspace_id: workspaceId };
    const event = facts as GatewayEvent;
    this.#rows.add([workspaceId, seq, type, session_id, key ?? null, JSON.stringify(event)]);
    this.#grown.add(log);
    return event;
  }

  /** {@inheritDoc EventStore.read} */
  read(workspaceId: string, query: EventQuery): Promise<EventPage> {
    return this.#committer.read(() => {
      const { oldestSeq, headSeq } = this.#log(workspaceId).bounds;
      const after = Math.max(query.after, oldestSeq - 1);
      if (after >= headSeq) return { events: [], next: after, oldestSeq, headSeq };
      const end = Math.min(headSeq, after + WINDOW);
      const events = this.#page(workspaceId, query, after, end);
      const last = events.at(-1);
      const next = events.length === query.limit && last !== undefined ? last.seq : end;
      return { events, next, oldestSeq, headSeq };
    });
  }

  /** {@inheritDoc EventStore.bounds} */
  bounds(workspaceId: string): Promise<LogBounds> {
    return this.#committer.read(() => this.#log(workspaceId).bounds);
  }

  /** {@inheritDoc EventStore.cursor} */
  cursor(workspaceId: string, consumer: string): Promise<number | undefined> {
    return this.#cursors.get(workspaceId, consumer);
  }

  /** {@inheritDoc EventStore.consumers} */
  consumers(workspaceId: string, query: ConsumerQuery): Promise<readonly Consumer[]> {
    return this.#cursors.list(workspaceId, query);
  }

  /** {@inheritDoc EventStore.saveCursor} */
  saveCursor(workspaceId: string, consumer: string, seq: number, now: number): Promise<void> {
    return this.#cursors.save(workspaceId, consumer, seq, now);
  }

  /** {@inheritDoc EventStore.deleteCursor} */
  deleteCursor(workspaceId: string, consumer: string): Promise<boolean> {
    return this.#cursors.delete(workspaceId, consumer);
  }

  /** {@inheritDoc EventStore.forgetCursors} */
  forgetCursors(before: number, limit: number): Promise<number> {
    return this.#cursors.forget(before, limit);
  }

  /** {@inheritDoc EventStore.trim} */
  async trim(workspaceId: string, seq: number, now: number): Promise<number> {
    let forgotten = 0;
    for (let count = TRIMMED_AT_ONCE; count === TRIMMED_AT_ONCE; forgotten += count) {
      count = await this.#committer.write(() => this.#trimSome(workspaceId, seq, now));
    }
    return forgotten;
  }

  /** {@inheritDoc EventStore.forgetKeys} */
  forgetKeys(now: number, limit: number): Promise<number> {
    const forget =
      'DELETE FROM trimmed_keys WHERE (workspace_id, dedupe_key) IN (SELECT workspace_id, dedupe_key FROM trimmed_keys WHERE time <= ? ORDER BY time LIMIT ?)';
    return this.#committer.write(
      () => this.#database.prepare(forget).run([keysSince(now), limit]).changes,
    );
  }

  /** {@inheritDoc EventStore.watch} */
  watch(workspaceId: string, listener: (headSeq: number) => void): () => void {
    return this.#log(workspaceId).watch(listener);
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    this.#rows.flush();
    this.#cursors.flush();
  }

  /** {@inheritDoc Part.committed} */
  committed(): void {
    for (const log of this.#grown) {
      log.newKeys.clear();
      this.#untold.add(log);
    }
    this.#grown.clear();
  }

  /** {@inheritDoc Part.durable} */
  durable(): void {
    for (const log of this.#untold) log.tell();
    this.#untold.clear();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#rows.discard();
    this.#cursors.reset();
    this.#grown.clear();
    // The objects stay: whoever watches a log goes on watching it.
    for (const log of this.#logs.values()) {
      log.newKeys.clear();
      log.isStale = true;
    }
  }

  #log(workspaceId: string): EventLog {
    const known = this.#logs.get(workspaceId);
    if (known?.isStale === false) return known;
    const bounds = this.#boundsOnDisk(workspaceId);
    const log = known ?? new EventLog(bounds);
    log.bounds = bounds;
    log.isStale = false;
    this.#logs.set(workspaceId, log);
    return log;
  }

  #boundsOnDisk(workspaceId: string): LogBounds {
    const sql = `SELECT
      (SELECT min(seq) FROM events WHERE workspace_id = ?),
      (SELECT max(seq) FROM events WHERE workspace_id = ?),
      (SELECT seq FROM trims WHERE workspace_id = ?)`;
    const row = this.#database.prepare(sql).get([workspaceId, workspaceId, workspaceId]);
    const headSeq = Number(row?.[1] ?? row?.[2] ?? 0);
    return { headSeq, oldestSeq: row?.[0] == null ? headSeq + 1 : Number(row[0]) };
  }

  #has(log: EventLog, workspaceId: string, key: string): boolean {
    if (log.newKeys.has(key)) return true;
    const sql = `SELECT 1 FROM events WHERE workspace_id = ?1 AND dedupe_key = ?2
      UNION ALL SELECT 1 FROM trimmed_keys WHERE workspace_id = ?1 AND dedupe_key = ?2 LIMIT 1`;
    return this.#database.prepare(sql).get([workspaceId, key]) !== undefined;
  }

  #trimSome(workspaceId: string, seq: number, now: number): number {
    const log = this.#log(workspaceId);
    const { oldestSeq, headSeq } = log.bounds;
    const end = Math.min(seq, headSeq, oldestSeq + TRIMMED_AT_ONCE - 1);
    if (end < oldestSeq) return 0;
    // What this turn of the event loop brought may be among it.
    this.#rows.flush();
    const keep = `INSERT OR REPLACE INTO trimmed_keys
      SELECT workspace_id, dedupe_key, event ->> 'time' FROM events
      WHERE workspace_id = ? AND seq <= ? AND dedupe_key IS NOT NULL AND event ->> 'time' > ?`;
    this.#database.prepare(keep).run([workspaceId, end, keysSince(now)]);
    this.#database
      .prepare('DELETE FROM events WHERE workspace_id = ? AND seq <= ?')
      .run([workspaceId, end]);
    this.#database.prepare('INSERT OR REPLACE INTO trims VALUES (?, ?)').run([workspaceId, end]);
    log.newKeys.clear();
    log.bounds = { oldestSeq: end + 1, headSeq };
    return end - oldestSeq + 1;
  }

  #page(
    workspaceId: string,
    query: EventQuery,
    after: number,
    end: number,
  ): readonly GatewayEvent[] {
    const { types, sessions, limit } = query;
    const isOneOf = (column: string, values: readonly string[] | undefined): string =>
      values === undefined ? '' : ` AND ${column} IN (SELECT value FROM json_each(?))`;
    const sql = `SELECT event FROM events WHERE workspace_id = ? AND seq > ? AND seq <= ?${isOneOf('type', types)}${isOneOf('session_id', sessions)} ORDER BY seq LIMIT ?`;
    const params: Value[] = [workspaceId, after, end];
    if (types !== undefined) params.push(JSON.stringify(types));
    if (sessions !== undefined) params.push(JSON.stringify(sessions));
    const rows = this.#database.prepare(sql).all([...params, limit]);
    return rows.map(([event]) => JSON.parse(String(event)) as GatewayEvent);
  }
}

/** Up to which time keys may be forgotten, in the form of an event's own. */
function keysSince(now: number): string {
  return new Date(now - dedupeKeyMs).toISOString();
}
