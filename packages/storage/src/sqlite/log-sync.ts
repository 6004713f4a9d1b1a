import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** What the thread answers when the disk refused. */
interface Refusal {
  readonly code?: string;
  readonly message: string;
}

/** Syncs one descriptor each time it is asked, and says how that ended. */
const program = `
const { fdatasyncSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', () => {
  try {
    fdatasyncSync(workerData);
    parentPort.postMessage(null);
  } catch ({ code, message }) {
    parentPort.postMessage({ code, message });
  }
});
`;

/** One small program: it needs next to no memory. */
const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 };

/**
 * Syncs a write-ahead log to the disk while the process goes on. In a thread of its own: in the one
 * pool that Node has, four look-ups of names that hang would hold up every answer.
 */
export class LogSync {
  readonly #descriptor: number;
  #thread: Worker | undefined;
  #waiting: { resolve(): void; reject(error: unknown): void } | undefined;
  #ended: Error | undefined;

  /** @param path the log; SQLite keeps this one file for as long as the database is open */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r+');
  }

  /**
   * Resolves when all that was written to the log before is on the disk. One at a time.
   * @throws Error when the disk refused: what it holds of the log is not known
   */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#waiting = { resolve, reject };
      this.#thread ??= this.#start();
      // Whoever waits for an answer keeps the process; a store that only lies open does not.
      this.#thread.ref();
      this.#thread.postMessage(null);
    });
  }

  /** Ends the thread; once. */
  async close(): Promise<void> {
    this.#ended = new Error('The log is closed.');
    await this.#thread?.terminate();
    closeSync(this.#descriptor);
  }

  #start(): Worker {
    const thread = new Worker(program, {
      eval: true,
      workerData: this.#descriptor,
      resourceLimits,
      execArgv: [],
      env: {},
    });
    thread.on('message', (refusal: Refusal | null) =>
      this.#answer(refusal === null ? undefined : refusalError(refusal)),
    );
    thread.on('error', (error) => this.#end(error));
    thread.on('exit', () => this.#end(new Error('The thread that syncs the log has ended.')));
    return thread;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#answer(this.#ended);
  }

  #answer(error: Error | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#thread?.unref();
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error);
  }
}

function refusalError({ code, message }: Refusal): Error {
  return Object.assign(new Error(message), {
    code: code === 'ENOSPC' || code === 'EDQUOT' ? 'SQLITE_FULL' : 'SQLITE_IOERR_FSYNC',
  });
}
