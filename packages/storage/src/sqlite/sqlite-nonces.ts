import type { NonceStore } from '@blazz/core';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { NameLog } from './name-log';

/** Nonces on disk. */
export class SqliteNonces implements NonceStore, Part {
  readonly #committer: Committer;
  readonly #used: NameLog;

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#committer = committer;
    this.#used = new NameLog(database, 'used_nonces');
  }

  /** {@inheritDoc NonceStore.use} */
  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<boolean> {
    return this.#committer.write(() => {
      // Ids have no blank, so that no two pairs make the same name.
      const hash = this.#used.hashOf(`${keyId} ${nonce}`);
      if (this.#used.find(hash, now) !== undefined) return false;
      this.#used.add(hash, now + ttlMs);
      return true;
    });
  }

  /** {@inheritDoc Part.opened} */
  opened(): void {
    this.#used.load();
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    this.#used.flush();
  }

  /** {@inheritDoc Part.committed} */
  committed(): void {
    this.#used.committed();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#used.reset();
  }
}
