import type { NonceStore, NonceUse } from '@blazz/core';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { NameLog } from './name-log';

const kept = Promise.resolve();

/** Nonces on disk. */
export class SqliteNonces implements NonceStore, Part {
  readonly #committer: Committer;
  readonly #used: NameLog;
  /** Hashes of nonces that wait for their commit. */
  readonly #pending = new Map<string, Promise<void>>();

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#committer = committer;
    this.#used = new NameLog(database, 'used_nonces');
  }

  /** {@inheritDoc NonceStore.use} */
  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<NonceUse> {
    // Looked up now and not in the commit: whoever asked goes on meanwhile.
    return this.#committer.peek(() => {
      // Ids have no blank, so that no two pairs make the same name.
      const hash = this.#used.hashOf(`${keyId} ${nonce}`);
      const pending = this.#pending.get(hash);
      if (pending !== undefined) return { fresh: false, kept: pending };
      if (this.#used.find(hash, now) !== undefined) return { fresh: false, kept };
      return { fresh: true, kept: this.#keep(hash, now + ttlMs) };
    });
  }

  #keep(hash: string, endsAt: number): Promise<void> {
    const writing = this.#committer
      .write(() => this.#used.add(hash, endsAt))
      .finally(() => this.#pending.delete(hash));
    this.#pending.set(hash, writing);
    // The request may have been answered already, with another failure.
    writing.catch(() => undefined);
    return writing;
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
