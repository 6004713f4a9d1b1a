import { GatewayError, isGatewayError } from '@blazz/core';
import type { Database } from './database';
import { hangError, isFaultyWrite, storageError, syncError } from './storage-error';

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
  /** Told after the commit; the log that holds it is yet to be synced. */
  committed?(): void;
  /** Told when what was committed is on the disk: now others may know. */
  durable?(): void;
}

/** What makes commits last. */
interface Log {
  /** Resolves when all that was committed before is on the disk. One at a time. */
  sync(): Promise<void>;
}

/** A write that waits for the commit it is part of. */
interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How a write ended, for when that may be told. */
type Answer = (broken?: GatewayError) => void;

/**
 * How long a sync may take, in milliseconds, until whoever comes is refused: they would pile up, and
 * none would hear for how long.
 */
const PATIENCE_MS = 5_000;

/**
 * Group commit: the writes of a turn of the event loop share one transaction and one sync to the
 * disk, and each caller is answered only after it. The process goes on while the disk syncs; what
 * comes meanwhile is the next commit. So whatever is committed and not synced is one commit at most,
 * and reads that could show it wait for its sync.
 */
export class Committer {
  readonly #database: Database;
  readonly #parts: Part[] = [];
  #jobs: Job[] = [];
  #isScheduled = false;
  #log: Log | undefined;
  readonly #monotonic: () => number;
  #syncing: Promise<void> | undefined;
  #syncingSince = 0;
  #broken: GatewayError | undefined;

  /**
   * @param database where to
   * @param monotonic milliseconds that never go back
   */
  constructor(database: Database, monotonic: () => number = () => performance.now()) {
    this.#database = database;
    this.#monotonic = monotonic;
  }

  /** Has a part take part in every commit, after those that were added before it. */
  add(part: Part): void {
    this.#parts.push(part);
  }

  /**
   * Takes writes from now on.
   * @param log syncs what is committed
   */
  open(log: Log): void {
    for (const part of this.#parts) part.opened?.();
    this.#broken = undefined;
    this.#log = log;
  }

  /**
   * Does a write with the next commit, inside its transaction. `work` looks before it changes
   * anything: a `GatewayError` that it throws is its caller's alone.
   * @throws GatewayError `store_unavailable` when the commit failed, and nothing of it was written;
   *   or when its sync failed, and nobody knows: no write is taken until the file is opened anew;
   *   or at once when the disk has been syncing for 5 s: nothing is taken before it is done
   */
  write<T>(work: () => T): Promise<T> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /**
   * Reads what is on the disk: what is committed and not synced is shown after its sync. Jobs change
   * memory and file in one go, so a read never sees half.
   * @throws GatewayError `store_unavailable`
   */
  async read<T>(look: () => T): Promise<T> {
    const value = this.#look(look);
    await this.#syncing;
    return value;
  }

  /**
   * Reads what is committed, be it synced or not: for what leads to a write and to nothing else,
   * since that is answered after all that was committed before it.
   * @throws GatewayError `store_unavailable`
   */
  async peek<T>(look: () => T): Promise<T> {
    return this.#look(look);
  }

  /** Commits what waits, and takes nothing more. Idempotent. */
  async close(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    await this.#syncing?.catch(() => {});
    if (log !== undefined) await this.#commitTo(log)?.catch(() => {});
    for (const part of this.#parts) part.reset();
  }

  #look<T>(look: () => T): T {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
    try {
      return look();
    } catch (error) {
      throw isGatewayError(error) ? error : storageError(error);
    }
  }

  #refusal(): GatewayError | undefined {
    if (this.#log === undefined) {
      return new GatewayError('store_unavailable', 'The store is closed; start it first.');
    }
    if (this.#syncing === undefined) return this.#broken;
    return this.#monotonic() - this.#syncingSince < PATIENCE_MS ? undefined : hangError();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#syncing !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#log !== undefined) void this.#commitTo(this.#log);
    });
  }

  /** Commits what waits, and answers when that is on the disk. */
  #commitTo(log: Log): Promise<void> | undefined {
    const jobs = this.#jobs;
    if (jobs.length === 0) return undefined;
    this.#jobs = [];
    const answers: Answer[] = [];
    this.#settle(jobs, answers);
    if (answers.length === 0) return undefined;
    const syncing = log.sync().then(
      () => {
        for (const part of this.#parts) part.durable?.();
        this.#synced(answers);
      },
      (error: unknown) => {
        this.#broken = syncError(error);
        for (const part of this.#parts) part.reset();
        this.#synced(answers);
        throw this.#broken;
      },
    );
    this.#syncing = syncing;
    this.#syncingSince = this.#monotonic();
    // Each caller hears of it by its own answer.
    syncing.catch(() => {});
    return syncing;
  }

  #synced(answers: readonly Answer[]): void {
    this.#syncing = undefined;
    for (const answer of answers) answer(this.#broken);
    if (this.#broken !== undefined) {
      for (const job of this.#jobs.splice(0)) job.reject(this.#broken);
    } else if (this.#jobs.length > 0) {
      this.#schedule();
    }
  }

  /** Commits jobs, and notes how each that was committed is to be answered. */
  #settle(jobs: readonly Job[], answers: Answer[]): void {
    try {
      for (const answer of this.#commit(jobs)) answers.push(answer);
    } catch (error) {
      for (const part of this.#parts) part.reset();
      // A write that no database would take fails alone, not with all that share its commit.
      if (jobs.length > 1 && isFaultyWrite(error)) {
        for (const job of jobs) this.#settle([job], answers);
        return;
      }
      const refusal = storageError(error);
      for (const job of jobs) job.reject(refusal);
      return;
    }
    for (const part of this.#parts) part.committed?.();
  }

  #commit(jobs: readonly Job[]): readonly Answer[] {
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

/** Does a job's work, and gives what tells its caller once that is on the disk. */
function run({ work, resolve, reject }: Job): Answer {
  try {
    const value = work();
    return (broken) => (broken === undefined ? resolve(value) : reject(broken));
  } catch (error) {
    // Anything else may have left half a change behind: the whole commit is called off.
    if (!isGatewayError(error)) throw error;
    return (broken) => reject(broken ?? error);
  }
}
