import { GatewayError, isGatewayError } from '@blazz/core';
import type { Database } from './database';
import { isFaultyWrite, storageError } from './storage-error';

/** A part of the store that puts rows down to write them together, or holds some in memory. */
export interface Part {
  /** Writes what the jobs put down, at the end of the transaction. */
  flush(): void;
  /**
   * The commit came to nothing: forgets what it holds in memory, since the file is the truth. It
   * reads nothing: what failed may be the disk.
   */
  reset(): void;
  /** Told that the file was opened: reads what it has to have in memory from the start. */
  opened?(): void;
  /** Told after the commit. */
  committed?(): void;
}

/** A write that waits for the commit it is part of. */
interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: all writes of one turn of the event loop share one transaction and one sync to the
 * disk, and each caller is answered only after it.
 */
export class Committer {
  readonly #database: Database;
  readonly #parts: Part[] = [];
  #jobs: Job[] = [];
  #scheduled = false;
  #isOpen = false;

  /** @param database where to */
  constructor(database: Database) {
    this.#database = database;
  }

  /** Has a part take part in every commit, after those that were added before it. */
  add(part: Part): void {
    this.#parts.push(part);
  }

  /** Takes writes from now on. */
  open(): void {
    for (const part of this.#parts) part.opened?.();
    this.#isOpen = true;
  }

  /**
   * Does a write with the next commit, inside its transaction. `work` looks before it changes
   * anything: a `GatewayError` that it throws is its caller's alone.
   * @throws GatewayError `store_unavailable` when the commit failed; nothing of it was written
   */
  write<T>(work: () => T): Promise<T> {
    if (!this.#isOpen) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  /**
   * Reads what is committed. Jobs change memory and disk in one go, so a read never sees half.
   * @throws GatewayError `store_unavailable`
   */
  async read<T>(look: () => T): Promise<T> {
    if (!this.#isOpen) throw closedError();
    try {
      return look();
    } catch (error) {
      throw isGatewayError(error) ? error : storageError(error);
    }
  }

  /** Commits what waits, now. */
  flush(): void {
    this.#scheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#settle(jobs);
  }

  /** Commits what waits, and takes nothing more. */
  close(): void {
    this.flush();
    this.#isOpen = false;
    for (const part of this.#parts) part.reset();
  }

  #settle(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    let answers: readonly (() => void)[];
    try {
      answers = this.#commit(jobs);
    } catch (error) {
      for (const part of this.#parts) part.reset();
      // A write that no database would take fails alone, not with all that share its commit.
      if (jobs.length > 1 && isFaultyWrite(error)) {
        for (const job of jobs) this.#settle([job]);
        return;
      }
      const refusal = storageError(error);
      for (const job of jobs) job.reject(refusal);
      return;
    }
    for (const part of this.#parts) part.committed?.();
    for (const answer of answers) answer();
  }

  #commit(jobs: readonly Job[]): readonly (() => void)[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const answers = jobs.map(run);
      for (const part of this.#parts) part.flush();
      this.#database.exec('COMMIT');
      return answers;
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // After some errors SQLite has rolled back by itself, and says so by refusing.
      }
      throw error;
    }
  }
}

/** Does a job's work, and gives what tells its caller once it is committed. */
function run({ work, resolve, reject }: Job): () => void {
  try {
    const value = work();
    return () => resolve(value);
  } catch (error) {
    // Anything else may have left half a change behind: the whole commit is called off.
    if (!isGatewayError(error)) throw error;
    return () => reject(error);
  }
}

function closedError(): GatewayError {
  return new GatewayError('store_unavailable', 'The store is closed; start it first.');
}
