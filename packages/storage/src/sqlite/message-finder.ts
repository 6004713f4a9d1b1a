import {
  isSettled,
  type MessageQuery,
  type MessageRecord,
  type NewMessage,
  type PruneRequest,
  type Receipt,
  receiptStatuses,
  type SessionFence,
} from '@blazz/core';
import type { Database, Value } from './database';
import { decodeMessage } from './message-rows';

/** A message that was accepted under a key that is still remembered. */
interface UsedKey {
  readonly digest: string;
  readonly messageId: string;
  readonly expiresAt: number;
}

/** What may be forgotten: settled, and nobody has to decide on it. */
const forgettable = receiptStatuses.filter((each) => isSettled(each) && each !== 'unknown');

/** Finds messages on the disk: by key, by WhatsApp's id, by page, by age. */
export class MessageFinder {
  readonly #database: Database;
  /** The keys that the coming commit brings. */
  readonly #newKeys = new Map<string, UsedKey>();
  #lastPosition: number | undefined;

  /** @param database where the messages are */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The next place in the order of acceptance. */
  nextPosition(): number {
    const sql = `SELECT max(
      coalesce((SELECT max(position) FROM messages), 0),
      coalesce((SELECT value FROM marks WHERE name = 'last_position'), 0))`;
    this.#lastPosition ??= Number(this.#database.prepare(sql).get([])?.[0]);
    return ++this.#lastPosition;
  }

  /** Which message was accepted under a key, if the key is still remembered. */
  byKey(workspaceId: string, key: string, now: number): UsedKey | undefined {
    const sql =
      'SELECT body_digest, message_id, key_expires_at FROM messages WHERE workspace_id = ? AND idempotency_key = ? ORDER BY position DESC';
    const fresh = this.#newKeys.get(`${workspaceId} ${key}`);
    const row =
      fresh === undefined ? this.#database.prepare(sql).get([workspaceId, key]) : undefined;
    const used =
      row === undefined
        ? fresh
        : { digest: String(row[0]), messageId: String(row[1]), expiresAt: Number(row[2]) };
    return used !== undefined && used.expiresAt > now ? used : undefined;
  }

  /** Remembers a key until the commit has it. */
  used(message: NewMessage, digest: string, expiresAt: number): void {
    const { workspace_id, idempotency_key, message_id: messageId } = message;
    this.#newKeys.set(`${workspace_id} ${idempotency_key}`, { digest, messageId, expiresAt });
  }

  /** The commit has the keys that it was to bring. */
  forgetNew(): void {
    this.#newKeys.clear();
  }

  /** The commit came to nothing. */
  reset(): void {
    this.#newKeys.clear();
    this.#lastPosition = undefined;
  }

  /** The gateway's id of the message that WhatsApp knows by an id. */
  byProviderId({ workspaceId, sessionId }: SessionFence, id: string): string | undefined {
    const sql =
      'SELECT m.message_id FROM provider_ids p JOIN messages m ON m.position = p.position WHERE p.workspace_id = ? AND p.session_id = ? AND p.provider_message_id = ?';
    const row = this.#database.prepare(sql).get([workspaceId, sessionId, id]);
    return row === undefined ? undefined : String(row[0]);
  }

  /** Remembers a report about an id that no message has yet. */
  hold(fence: SessionFence, id: string, receipt: Receipt, expiresAt: number, now: number): void {
    const { workspaceId, sessionId } = fence;
    this.#database.prepare('DELETE FROM held_receipts WHERE expires_at <= ?').run([now]);
    this.#database
      .prepare('INSERT OR REPLACE INTO held_receipts VALUES (?, ?, ?, ?, ?)')
      .run([workspaceId, sessionId, id, expiresAt, JSON.stringify(receipt)]);
  }

  /** Forgets a report that has found its message. */
  release({ workspaceId, sessionId }: SessionFence, id: string): void {
    const sql =
      'DELETE FROM held_receipts WHERE workspace_id = ? AND session_id = ? AND provider_message_id = ?';
    this.#database.prepare(sql).run([workspaceId, sessionId, id]);
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
    const last = this.nextPosition() - 1;
    this.#lastPosition = last;
    this.#database.prepare("INSERT OR REPLACE INTO marks VALUES ('last_position', ?)").run([last]);
    for (const table of ['provider_ids', 'states', 'messages']) {
      const sql = `DELETE FROM ${table} WHERE position IN (SELECT value FROM json_each(?))`;
      this.#database.prepare(sql).run([positions]);
    }
    return rows.map(([, id]) => String(id));
  }
}
