import type { NonceStore, NonceUse } from '@blazz/core';
import type { Committer, Part } from './committer';
import type { Database } from './database';
import { NameLog } from './name-log';

const kept = Promise.resolve();

/** A nonce that is not written down yet. */
interface Pending {
  readonly kept: Promise<void>;
  readonly endsAt: number;
}

/** Nonces on disk. */
export class SqliteNonces implements NonceStore, Part {
  readonly #committer: Committer;
  readonly #used: NameLog;
  /** Those that wait for their commit, by hash. */
  readonly #pending = new Map<string, Pending>();
  /** Those whose commit came to nothing: their requests may be at work. The next commit brings them. */
  readonly #owed = new Map<string, Pending>();

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#committer = committer;
    this.#used = new NameLog(database, 'used_nonces');
  }

  /** {@inheritDoc NonceStore.use} */
  async use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<NonceUse> {
    // Looked up now and not in the commit: whoever asked goes on meanwhile.
    const { isLate, ...use } = await this.#committer.peek(() => {
      // Ids have no blank, so that no two pairs make the same name.
      const hash = this.#used.hashOf(`${keyId} ${nonce}`);
      const pending = this.#pending.get(hash) ?? this.#owed.get(hash);
      if (pending !== undefined) return { fresh: false, kept: pending.kept, isLate: false };
      if (this.#used.find(hash, now) !== undefined) return { fresh: false, kept, isLate: false };
      const isLate = this.#owed.size > 0;
      return { fresh: true, kept: this.#keep(hash, now + ttlMs, isLate), isLate };
    });
    // The disk refused the last time: no work before it takes something again.
    if (isLate) await use.kept;
    return use;
  }

  #keep(hash: string, endsAt: number, isLate: boolean): Promise<void> {
    const writing = this.#committer.write(() => this.#used.add(hash, endsAt));
    const pending = { kept: writing, endsAt };
    this.#pending.set(hash, pending);
    writing
      // The request may have been answered already, with another failure.
      .catch(() => {
        if (!isLate) this.#owed.set(hash, pending);
      })
      .finally(() => this.#pending.delete(hash));
    return writing;
  }

  /** {@inheritDoc Part.opened} */
  opened(): void {
    this.#used.load();
  }

  /** {@inheritDoc Part.flush} */
  flush(): void {
    for (const [hash, { endsAt }] of this.#owed) this.#used.add(hash, endsAt);
    this.#used.flush();
  }

  /** {@inheritDoc Part.committed} */
  committed(): void {
    this.#owed.clear();
    this.#used.committed();
  }

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#used.reset();
  }
}
