import type {
  ErrorBody,
  IntakeDepth,
  IntakeEntry,
  IntakeStore,
  QuarantinedEntry,
  ReleaseTo,
} from '@blazz/core';
import type { Committer } from './committer';
import type { Database, Row, Value } from './database';

const columns = 'entry_id, workspace_id, session_id, source, body, received_at';
const asideColumns = `${columns}, error, quarantined_at, account, proof`;
/** What is nobody's, and names an account. */
const unclaimed = "workspace_id = '' AND account IS NOT NULL";

/** What came in and was not read yet, on disk. */
export class SqliteIntake implements IntakeStore {
  readonly #database: Database;
  readonly #committer: Committer;

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#database = database;
    this.#committer = committer;
  }

  /** {@inheritDoc IntakeStore.put} */
  put(entries: readonly IntakeEntry[]): Promise<void> {
    const sql = `INSERT INTO intake (${columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    return this.#committer.write(() => {
      for (const entry of entries) this.#database.prepare(sql).run(values(entry));
    });
  }

  /** {@inheritDoc IntakeStore.waiting} */
  waiting(workspaceId: string, sessionId: string, limit: number): Promise<readonly IntakeEntry[]> {
    const sql = `SELECT ${columns} FROM intake WHERE workspace_id = ? AND session_id = ?
      AND quarantined_at IS NULL ORDER BY position LIMIT ?`;
    return this.#read(sql, [workspaceId, sessionId, limit], toEntry);
  }

  /** {@inheritDoc IntakeStore.waitingSessions} */
  waitingSessions(): ReturnType<IntakeStore['waitingSessions']> {
    const sql = 'SELECT DISTINCT workspace_id, session_id FROM intake WHERE quarantined_at IS NULL';
    return this.#read(sql, [], ([workspaceId, sessionId]) => ({
      workspaceId: String(workspaceId),
      sessionId: String(sessionId),
    }));
  }

  /** {@inheritDoc IntakeStore.remove} */
  remove(workspaceId: string, entryIds: readonly string[]): Promise<number> {
    const sql =
      'DELETE FROM intake WHERE workspace_id = ? AND entry_id = ? AND quarantined_at IS NULL';
    return this.#committer.write(() =>
      entryIds
        .map((id) => this.#database.prepare(sql).run([workspaceId, id]).changes)
        .reduce((sum, changes) => sum + changes, 0),
    );
  }

  /** {@inheritDoc IntakeStore.quarantine} */
  quarantine(entry: QuarantinedEntry): Promise<void> {
    const sql = `INSERT INTO intake (${asideColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (workspace_id, entry_id) DO UPDATE SET error = excluded.error,
      quarantined_at = excluded.quarantined_at, account = excluded.account, proof = excluded.proof`;
    const { error, quarantined_at, account, proof } = entry;
    const facts = [JSON.stringify(error), quarantined_at, account ?? null];
    const params = [...values(entry), ...facts, proof === undefined ? null : JSON.stringify(proof)];
    return this.#committer.write(() => {
      this.#database.prepare(sql).run(params);
    });
  }

  /** {@inheritDoc IntakeStore.release} */
  release(workspaceId: string, entryId: string, to: ReleaseTo = {}): Promise<boolean> {
    const own = 'WHERE workspace_id = ? AND entry_id = ? AND quarantined_at IS NOT NULL';
    const sql = `UPDATE intake SET quarantined_at = NULL, error = NULL, account = NULL, proof = NULL,
      workspace_id = coalesce(?, workspace_id), session_id = coalesce(?, session_id),
      source = coalesce(?, source), position = (SELECT max(position) + 1 FROM intake) ${own}`;
    const target = [to.workspaceId, to.sessionId, to.source].map((each) => each ?? null);
    return this.#committer.write(
      () => this.#database.prepare(sql).run([...target, workspaceId, entryId]).changes > 0,
    );
  }

  /** {@inheritDoc IntakeStore.discard} */
  discard(workspaceId: string, entryId: string): Promise<boolean> {
    const sql =
      'DELETE FROM intake WHERE workspace_id = ? AND entry_id = ? AND quarantined_at IS NOT NULL';
    return this.#committer.write(
      () => this.#database.prepare(sql).run([workspaceId, entryId]).changes > 0,
    );
  }

  /** {@inheritDoc IntakeStore.quarantined} */
  quarantined(
    workspaceId: string,
    { before, limit }: Parameters<IntakeStore['quarantined']>[1],
  ): Promise<readonly QuarantinedEntry[]> {
    const older = before === undefined ? '' : 'AND entry_id < ?';
    const sql = `SELECT ${asideColumns} FROM intake WHERE workspace_id = ?
      AND quarantined_at IS NOT NULL ${older} ORDER BY entry_id DESC LIMIT ?`;
    const params = [workspaceId, ...(before === undefined ? [] : [before]), limit];
    return this.#read(sql, params, toQuarantined);
  }

  /** {@inheritDoc IntakeStore.unclaimedAccounts} */
  unclaimedAccounts({
    after = '',
    limit,
  }: Parameters<IntakeStore['unclaimedAccounts']>[0]): Promise<readonly string[]> {
    const sql = `SELECT DISTINCT account FROM intake WHERE ${unclaimed} AND account > ?
      ORDER BY account LIMIT ?`;
    return this.#read(sql, [after, limit], ([account]) => String(account));
  }

  /** {@inheritDoc IntakeStore.unclaimed} */
  unclaimed(
    account: string,
    { after = '', limit }: Parameters<IntakeStore['unclaimed']>[1],
  ): Promise<readonly QuarantinedEntry[]> {
    const sql = `SELECT ${asideColumns} FROM intake WHERE ${unclaimed} AND account = ?
      AND entry_id > ? ORDER BY entry_id LIMIT ?`;
    return this.#read(sql, [account, after, limit], toQuarantined);
  }

  /** {@inheritDoc IntakeStore.depth} */
  async depth(workspaceId?: string): Promise<IntakeDepth> {
    const where = workspaceId === undefined ? '' : 'WHERE workspace_id = ?';
    const sql = `SELECT count(*), count(quarantined_at) FROM intake ${where}`;
    const params = workspaceId === undefined ? [] : [workspaceId];
    const [counts] = await this.#read(sql, params, ([all, aside]) => [Number(all), Number(aside)]);
    const [all = 0, quarantined = 0] = counts ?? [];
    return { waiting: all - quarantined, quarantined };
  }

  /** {@inheritDoc IntakeStore.pruneQuarantined} */
  pruneQuarantined(before: number, limit: number): Promise<number> {
    const sql = `DELETE FROM intake WHERE position IN (
      SELECT position FROM intake WHERE quarantined_at < ? ORDER BY quarantined_at LIMIT ?)`;
    return this.#committer.write(() => this.#database.prepare(sql).run([before, limit]).changes);
  }

  #read<T>(sql: string, params: readonly Value[], decode: (row: Row) => T): Promise<readonly T[]> {
    return this.#committer.read(() => this.#database.prepare(sql).all(params).map(decode));
  }
}

function values(entry: IntakeEntry): readonly Value[] {
  const { entry_id, workspace_id, session_id, source, body, received_at } = entry;
  return [entry_id, workspace_id, session_id, source, body, received_at];
}

function toEntry([entryId, workspaceId, sessionId, source, body, receivedAt]: Row): IntakeEntry {
  return {
    entry_id: String(entryId),
    workspace_id: String(workspaceId),
    session_id: String(sessionId),
    source: String(source),
    body: String(body),
    received_at: Number(receivedAt),
  };
}

function toQuarantined(row: Row): QuarantinedEntry {
  const [error, quarantinedAt, account, proof] = row.slice(6);
  return {
    ...toEntry(row),
    error: JSON.parse(String(error)) as ErrorBody,
    quarantined_at: Number(quarantinedAt),
    ...(account === null ? {} : { account: String(account) }),
    ...(proof === null ? {} : { proof: JSON.parse(String(proof)) as Record<string, string> }),
  };
}
