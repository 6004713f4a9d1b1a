import { type Consumer, type ConsumerQuery, ownConsumers } from '@blazz/core';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { RowWriter } from './row-writer';

/** The newest `seq` of the log that a cursor is of. */
const head = `coalesce((SELECT max(seq) FROM events e WHERE e.workspace_id = c.workspace_id),
  (SELECT seq FROM trims t WHERE t.workspace_id = c.workspace_id), 0)`;

/** How far named consumers have read the logs, on disk. */
export class SqliteCursors implements Part {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #rows: RowWriter;

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#database = database;
    this.#committer = committer;
    this.#rows = new RowWriter(
      database,
      'INSERT INTO cursors',
      ['workspace_id', 'consumer', 'seq', 'seen_at'],
      'ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq), seen_at = max(seen_at, excluded.seen_at)',
    );
  }

  /** Where a consumer stands. */
  get(workspaceId: string, consumer: string): Promise<number | undefined> {
    return this.#committer.read(() => {
      const sql = 'SELECT seq FROM cursors WHERE workspace_id = ? AND consumer = ?';
      const row = this.#database.prepare(sql).get([workspaceId, consumer]);
      return row === undefined ? undefined : Number(row[0]);
    });
  }

  /** Those that have a name of their own, by it. */
  list(workspaceId: string, { after = '', limit }: ConsumerQuery): Promise<readonly Consumer[]> {
    const sql = `SELECT consumer, seq, seen_at FROM cursors WHERE workspace_id = ? AND consumer > ?
      AND substr(consumer, 1, ${ownConsumers.length}) <> ? ORDER BY consumer LIMIT ?`;
    return this.#committer.read(() =>
      this.#database
        .prepare(sql)
        .all([workspaceId, after, ownConsumers, limit])
        .map(([consumer, seq, seen_at]) => ({
          consumer: String(consumer),
          seq: Number(seq),
          seen_at: Number(seen_at),
        })),
    );
  }

  /** Moves a consumer on. */
  save(workspaceId: string, consumer: string, seq: number, now: number): Promise<void> {
    return this.#committer.write(() => this.#rows.add([workspaceId, consumer, seq, now]));
  }

  /** Forgets a consumer. */
  delete(workspaceId: string, consumer: string): Promise<boolean> {
    const sql = 'DELETE FROM cursors WHERE workspace_id = ? AND consumer = ?';
    return this.#change(sql, [workspaceId, consumer]).then((changes) => changes > 0);
  }

  /** Forgets consumers that were not seen since a time, and are behind; at most so many. */
  forget(before: number, limit: number): Promise<number> {
    const sql = `DELETE FROM cursors WHERE (workspace_id, consumer) IN (
      SELECT workspace_id, consumer FROM cursors c WHERE seen_at < ?
      AND substr(consumer, 1, ${ownConsumers.length}) <> ? AND seq < ${head} ORDER BY seen_at LIMIT ?)`;
    return this.#change(sql, [before, ownConsumers, limit]);
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    this.#rows.flush();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#rows.discard();
  }

  #change(sql: string, params: readonly (string | number)[]): Promise<number> {
    return this.#committer.write(() => {
      // What this turn of the event loop brought may be among it.
      this.#rows.flush();
      return this.#database.prepare(sql).run(params).changes;
    });
  }
}
