import type { NonceStore } from '@blazz/core';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { RowWriter } from './row-writer';

/** How many nonces that have ended one commit forgets at most: more than it can bring. */
const FORGOTTEN_AT_ONCE = 500;

/** Nonces on disk. */
export class SqliteNonces implements NonceStore, Part {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #rows: RowWriter;
  /** The nonces that the coming commit brings. */
  readonly #new = new Map<string, number>();
  #now = 0;

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#database = database;
    this.#committer = committer;
    const columns = ['key_id', 'nonce', 'expires_at'];
    this.#rows = new RowWriter(database, 'INSERT OR REPLACE INTO nonces', columns);
  }

  /** {@inheritDoc NonceStore.use} */
  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<boolean> {
    return this.#committer.write(() => {
      // Ids have no blank, so that no two pairs make the same key.
      const key = `${keyId} ${nonce}`;
      const sql = 'SELECT expires_at FROM nonces WHERE key_id = ? AND nonce = ?';
      const known = this.#new.get(key) ?? this.#database.prepare(sql).get([keyId, nonce])?.[0];
      if (Number(known ?? 0) > now) return false;
      this.#new.set(key, now + ttlMs);
      this.#rows.add([keyId, nonce, now + ttlMs]);
      this.#now = now;
      return true;
    });
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    if (this.#new.size === 0) return;
    const forget = `DELETE FROM nonces WHERE (key_id, nonce) IN (SELECT key_id, nonce FROM nonces WHERE expires_at <= ? LIMIT ${FORGOTTEN_AT_ONCE})`;
    this.#database.prepare(forget).run([this.#now]);
    this.#rows.flush();
    this.#new.clear();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#rows.discard();
    this.#new.clear();
  }
}
