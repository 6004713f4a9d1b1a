import type { AcceptResult, NewMessage, ReplayResult } from '@blazz/core';
import { acceptedRecord } from '@blazz/core/adapters';
import type { Part } from './committer';
import type { Database } from './database';
import type { LiveMessages } from './live-messages';
import type { MessageWriter } from './message-writer';
import { NameLog } from './name-log';

/** What a message was accepted as. */
interface Entrance {
  readonly digest: string;
  readonly messageId: string;
}

/** Takes messages in, each key once, and gives each its place in the order of acceptance. */
export class Acceptance implements Part {
  readonly #database: Database;
  readonly #live: LiveMessages;
  readonly #writer: MessageWriter;
  /** The keys that are remembered; their places are the positions of their messages. */
  readonly #keys: NameLog;
  /** What the coming commit brings, by position. */
  readonly #fresh = new Map<number, Entrance>();
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
    this.#keys = new NameLog(database, 'used_keys');
  }

  /** Takes a message in, unless its key was used. */
  accept(message: NewMessage, digest: string, keyTtlMs: number): AcceptResult {
    const { workspace_id, idempotency_key, message_id: messageId, created_at: now } = message;
    const key = this.#keys.hashOf(keyName(workspace_id, idempotency_key));
    const earlier = this.#replay(workspace_id, key, digest, now);
    if (earlier !== undefined) return earlier;
    const expiresAt = now + keyTtlMs;
    const position = this.#nextPosition();
    const body = this.#writer.accept(position, message, digest, expiresAt);
    this.#keys.add(key, expiresAt, position);
    this.#fresh.set(position, { digest, messageId });
    // Of the row, not of the caller's object: nobody can change what is stored.
    const record = acceptedRecord(JSON.parse(body) as NewMessage, position);
    this.#writer.state(undefined, record);
    this.#live.follow(undefined, record, now);
    return { kind: 'accepted', message: record };
  }

  /** What a key that is remembered is answered with. */
  replay(workspaceId: string, key: string, digest: string, now: number): ReplayResult | undefined {
    return this.#replay(workspaceId, this.#keys.hashOf(keyName(workspaceId, key)), digest, now);
  }

  /** Remembers the last place, so that it is not given again when its message is forgotten. */
  keepLastPosition(): void {
    const last = this.#nextPosition() - 1;
    this.#lastPosition = last;
    const keep = "INSERT OR REPLACE INTO marks VALUES ('last_position', ?)";
    this.#database.prepare(keep).run([last]);
  }

  /** {@inheritDoc Part.opened} */
  opened(): void {
    this.#keys.load();
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    this.#keys.flush();
  }

  /** {@inheritDoc Part.committed} */
  committed(): void {
    this.#keys.committed();
    this.#fresh.clear();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#keys.reset();
    this.#fresh.clear();
    this.#lastPosition = undefined;
  }

  #replay(workspaceId: string, key: string, digest: string, now: number): ReplayResult | undefined {
    const position = this.#keys.find(key, now);
    const used = position === undefined ? undefined : this.#entrance(position);
    const message = used && this.#live.find(workspaceId, used.messageId);
    if (message === undefined) return undefined;
    return used?.digest === digest ? { kind: 'replayed', message } : { kind: 'mismatch' };
  }

  #entrance(position: number): Entrance | undefined {
    const fresh = this.#fresh.get(position);
    if (fresh !== undefined) return fresh;
    const sql = 'SELECT body_digest, message_id FROM messages WHERE position = ?';
    const row = this.#database.prepare(sql).get([position]);
    return row && { digest: String(row[0]), messageId: String(row[1]) };
  }

  #nextPosition(): number {
    const sql = `SELECT max(
      coalesce((SELECT max(position) FROM messages), 0),
      coalesce((SELECT value FROM marks WHERE name = 'last_position'), 0))`;
    this.#lastPosition ??= Number(this.#database.prepare(sql).get([])?.[0]);
    return ++this.#lastPosition;
  }
}

/** Ids have no blank, so that no two pairs make the same name. */
export function keyName(workspaceId: string, idempotencyKey: string): string {
  return `${workspaceId} ${idempotencyKey}`;
}
