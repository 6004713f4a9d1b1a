import {
  isSettled,
  type MessageQuery,
  type MessageRecord,
  type PruneRequest,
  receiptStatuses,
  type SessionFence,
} from '@blazz/core';
import type { Database, Value } from './database';
import { decodeMessage } from './message-rows';

/** What may be forgotten: settled, and nobody has to decide on it. */
const forgettable = receiptStatuses.filter((each) => isSettled(each) && each !== 'unknown');

/** Finds messages on the disk: by WhatsApp's id, by page, by age. */
export class MessageFinder {
  readonly #database: Database;

  /** @param database where the messages are */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The gateway's id of the message that WhatsApp knows by an id. */
  byProviderId({ workspaceId, sessionId }: SessionFence, id: string): string | undefined {
    const sql =
      'SELECT m.message_id FROM provider_ids p JOIN messages m ON m.position = p.position WHERE p.workspace_id = ? AND p.session_id = ? AND p.provider_message_id = ?';
    const row = this.#database.prepare(sql).get([workspaceId, sessionId, id]);
    return row === undefined ? undefined : String(row[0]);
  }

  /** A page of messages, newest first. */
  list(workspaceId: string, query: MessageQuery): readonly MessageRecord[] {
    const { sessionId, status, before = Number.MAX_SAFE_INTEGER, limit } = query;
    const isOfSession = "m.workspace_id = ? AND m.body ->> 'session_id' = ?";
    // Each is asked in the order of an index of its own: a page costs the same in a full store.
    if (sessionId !== undefined && status === undefined) {
      const sql = `SELECT m.position, m.body, s.state FROM messages m JOIN states s ON s.position = m.position
        WHERE ${isOfSession} AND m.position < ? ORDER BY m.position DESC LIMIT ?`;
      return this.#messages(sql, [workspaceId, sessionId, before, limit]);
    }
    const statuses = status === undefined ? receiptStatuses : [status];
    const where = sessionId === undefined ? 'true' : isOfSession;
    const pages = statuses.map(
      () => `SELECT * FROM (SELECT m.position, m.body, s.state FROM states s JOIN messages m ON m.position = s.position
        WHERE s.workspace_id = ? AND s.status = ? AND s.position < ? AND ${where} ORDER BY s.position DESC LIMIT ?)`,
    );
    const params = statuses.flatMap((each): Value[] => [
      workspaceId,
      each,
      before,
      ...(sessionId === undefined ? [] : [workspaceId, sessionId]),
      limit,
    ]);
    const sql = `${pages.join(' UNION ALL ')} ORDER BY position DESC LIMIT ?`;
    return this.#messages(sql, [...params, limit]);
  }

  /**
   * Forgets old messages.
   * @returns their ids
   */
  prune({ workspaceId, before, now, limit }: PruneRequest): readonly string[] {
    const end = this.#firstSince(before);
    const old = forgettable.map(
      () => `SELECT * FROM (SELECT s.position, m.message_id FROM states s JOIN messages m ON m.position = s.position
        WHERE s.workspace_id = ? AND s.status = ? AND s.position < ? AND m.created_at < ? AND m.key_expires_at <= ?
        AND s.state ->> 'updated_at' < ? ORDER BY s.position LIMIT ?)`,
    );
    const params = forgettable.flatMap((status): Value[] => [
      workspaceId,
      status,
      end,
      before,
      now,
      before,
      limit,
    ]);
    const sql = `${old.join(' UNION ALL ')} ORDER BY position LIMIT ?`;
    const rows = this.#database.prepare(sql).all([...params, limit]);
    if (rows.length === 0) return [];
    const positions = JSON.stringify(rows.map(([position]) => position));
    for (const table of ['provider_ids', 'states', 'messages']) {
      const forget = `DELETE FROM ${table} WHERE position IN (SELECT value FROM json_each(?))`;
      this.#database.prepare(forget).run([positions]);
    }
    return rows.map(([, id]) => String(id));
  }

  /**
   * The position of the first message, of any workspace, that was accepted at a time or later. Found
   * by halves, since the young ones are many and not to be looked at: positions are in the order of
   * acceptance. Where the clock went back, some that are old enough are only found later.
   */
  #firstSince(time: number): number {
    const next = this.#database.prepare(
      'SELECT position, created_at FROM messages WHERE position >= ? ORDER BY position LIMIT 1',
    );
    const last = 'SELECT max(position) FROM messages';
    let low = Number(next.get([0])?.[0] ?? 0);
    let high = Number(this.#database.prepare(last).get([])?.[0] ?? 0) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [position, createdAt] = next.get([middle]) ?? [high, time];
      if (Number(createdAt) >= time) high = middle;
      else low = Number(position) + 1;
    }
    return low;
  }

  #messages(sql: string, params: readonly Value[]): readonly MessageRecord[] {
    return this.#database.prepare(sql).all(params).map(decodeMessage);
  }
}
