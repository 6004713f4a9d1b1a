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
    // Each of the two tables is asked in the order of its own index.
    const from =
      status === undefined
        ? 'messages m JOIN states s ON s.position = m.position WHERE m.workspace_id = ? AND m.position < ?'
        : 'states s JOIN messages m ON m.position = s.position WHERE s.workspace_id = ? AND s.position < ? AND s.status = ?';
    const params: Value[] = [workspaceId, before];
    if (status !== undefined) params.push(status);
    const bySession = sessionId === undefined ? '' : ` AND m.body ->> 'session_id' = ?`;
    if (sessionId !== undefined) params.push(sessionId);
    const order = status === undefined ? 'm.position' : 's.position';
    const sql = `SELECT m.position, m.body, s.state FROM ${from}${bySession} ORDER BY ${order} DESC LIMIT ?`;
    return this.#database
      .prepare(sql)
      .all([...params, limit])
      .map(decodeMessage);
  }

  /**
   * Forgets old messages.
   * @returns their ids
   */
  prune({ workspaceId, before, now, limit }: PruneRequest): readonly string[] {
    const old = `SELECT m.position, m.message_id FROM messages m JOIN states s ON s.position = m.position
      WHERE m.workspace_id = ? AND m.created_at < ? AND m.key_expires_at <= ? AND s.state ->> 'updated_at' < ?
      AND s.status IN (${forgettable.map(() => '?').join(', ')}) ORDER BY m.position LIMIT ?`;
    const rows = this.#database
      .prepare(old)
      .all([workspaceId, before, now, before, ...forgettable, limit]);
    if (rows.length === 0) return [];
    const positions = JSON.stringify(rows.map(([position]) => position));
    for (const table of ['provider_ids', 'states', 'messages']) {
      const sql = `DELETE FROM ${table} WHERE position IN (SELECT value FROM json_each(?))`;
      this.#database.prepare(sql).run([positions]);
    }
    return rows.map(([, id]) => String(id));
  }
}
