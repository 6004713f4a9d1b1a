import type { SessionRecord, SessionStore } from '@blazz/core';
import type { Committer } from './committer';
import type { Database, Row } from './database';
import type { SqliteLeases } from './sqlite-leases';

/** What is known of sessions, on disk. */
export class SqliteSessions implements SessionStore {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #leases: SqliteLeases;

  /**
   * @param database where it is
   * @param committer what writes go through
   * @param leases fences writes
   */
  constructor(database: Database, committer: Committer, leases: SqliteLeases) {
    this.#database = database;
    this.#committer = committer;
    this.#leases = leases;
  }

  /** {@inheritDoc SessionStore.save} */
  save(record: SessionRecord, epoch?: number): Promise<void> {
    const { workspace_id: workspaceId, session_id: sessionId } = record;
    return this.#committer.write(() => {
      if (epoch !== undefined) this.#leases.check({ workspaceId, sessionId, epoch });
      this.#database
        .prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)')
        .run([workspaceId, sessionId, JSON.stringify(record)]);
    });
  }

  /** {@inheritDoc SessionStore.get} */
  get(workspaceId: string, sessionId: string): Promise<SessionRecord | undefined> {
    const sql = 'SELECT record FROM sessions WHERE workspace_id = ? AND session_id = ?';
    return this.#committer.read(() => {
      const row = this.#database.prepare(sql).get([workspaceId, sessionId]);
      return row === undefined ? undefined : decode(row);
    });
  }

  /** {@inheritDoc SessionStore.list} */
  list(workspaceId?: string): Promise<readonly SessionRecord[]> {
    const order = 'ORDER BY workspace_id, session_id';
    return this.#committer.read(() => {
      const rows =
        workspaceId === undefined
          ? this.#database.prepare(`SELECT record FROM sessions ${order}`).all([])
          : this.#database
              .prepare(`SELECT record FROM sessions WHERE workspace_id = ? ${order}`)
              .all([workspaceId]);
      return rows.map(decode);
    });
  }

  /** {@inheritDoc SessionStore.delete} */
  delete(workspaceId: string, sessionId: string): Promise<void> {
    const sql = 'DELETE FROM sessions WHERE workspace_id = ? AND session_id = ?';
    return this.#committer.write(() => {
      this.#database.prepare(sql).run([workspaceId, sessionId]);
    });
  }
}

function decode([record]: Row): SessionRecord {
  return JSON.parse(String(record)) as SessionRecord;
}
