import type { AcceptResult, NewMessage, ReplayResult } from '@blazz/core';
import { acceptedRecord } from '@blazz/core/adapters';
import type { Database } from './database';
import type { LiveMessages } from './live-messages';
import type { MessageWriter } from './message-writer';

/** A message that was accepted under a key that is still remembered. */
interface UsedKey {
  readonly digest: string;
  readonly messageId: string;
  readonly expiresAt: number;
}

/** Takes messages in, each key once, and gives each its place in the order of acceptance. */
export class Acceptance {
  readonly #database: Database;
  readonly #live: LiveMessages;
  readonly #writer: MessageWriter;
  /** The keys that the coming commit brings. */
  readonly #newKeys = new Map<string, UsedKey>();
  #lastPosition: number | undefined;

  /**
   * @param database where the messages are
   * @param live where a message is found
   * @param writer writes what is accepted
   */
  constructor(database: Database, live: LiveMessages, writer: MessageWriter) {
    this.#database = database;
    this.#live = live;
    this.#writer = writer;
  }

  /** Takes a message in, unless its key was used. */
  accept(message: NewMessage, digest: string, keyTtlMs: number): AcceptResult {
    const { workspace_id, idempotency_key: key, message_id: messageId, created_at: now } = message;
    const earlier = this.replay(workspace_id, key, digest, now);
    if (earlier !== undefined) return earlier;
    const expiresAt = now + keyTtlMs;
    const position = this.#nextPosition();
    const body = this.#writer.accept(position, message, digest, expiresAt);
    this.#newKeys.set(`${workspace_id} ${key}`, { digest, messageId, expiresAt });
    // Of the row, not of the caller's object: nobody can change what is stored.
    const record = acceptedRecord(JSON.parse(body) as NewMessage, position);
    this.#writer.state(undefined, record);
    this.#live.follow(undefined, record, now);
    return { kind: 'accepted', message: record };
  }

  /** What a key that is remembered is answered with. */
  replay(workspaceId: string, key: string, digest: string, now: number): ReplayResult | undefined {
    const used = this.#used(workspaceId, key);
    if (used === undefined || used.expiresAt <= now) return undefined;
    const message = this.#live.find(workspaceId, used.messageId);
    if (message === undefined) return undefined;
    return used.digest === digest ? { kind: 'replayed', message } : { kind: 'mismatch' };
  }

  /** Remembers the last place, so that it is not given again when its message is forgotten. */
  keepLastPosition(): void {
    const last = this.#nextPosition() - 1;
    this.#lastPosition = last;
    const keep = "INSERT OR REPLACE INTO marks VALUES ('last_position', ?)";
    this.#database.prepare(keep).run([last]);
  }

  /** The commit has the keys that it was to bring. */
  committed(): void {
    this.#newKeys.clear();
  }

  /** The commit came to nothing. */
  reset(): void {
    this.#newKeys.clear();
    this.#lastPosition = undefined;
  }

  #used(workspaceId: string, key: string): UsedKey | undefined {
    const fresh = this.#newKeys.get(`${workspaceId} ${key}`);
    if (fresh !== undefined) return fresh;
    const sql =
      'SELECT body_digest, message_id, key_expires_at FROM messages WHERE workspace_id = ? AND idempotency_key = ? ORDER BY position DESC';
    const row = this.#database.prepare(sql).get([workspaceId, key]);
    return row === undefined
      ? undefined
      : { digest: String(row[0]), messageId: String(row[1]), expiresAt: Number(row[2]) };
  }

  #nextPosition(): number {
    const sql = `SELECT max(
      coalesce((SELECT max(position) FROM messages), 0),
      coalesce((SELECT value FROM marks WHERE name = 'last_position'), 0))`;
    this.#lastPosition ??= Number(this.#database.prepare(sql).get([])?.[0]);
    return ++this.#lastPosition;
  }
}
