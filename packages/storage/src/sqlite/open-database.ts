import { closeSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { GatewayError } from '@blazz/core';
import { Database, isOpenHere } from './database';
import { applicationId, checkFile } from './file-check';
import { migrations } from './migrations';
import { storageError } from './storage-error';

/**
 * Opens a database file, makes it when there is none, and brings its schema up to date.
 * @throws GatewayError `store_unavailable` with the fix: locked, damaged, foreign, newer, not writable
 */
export function openDatabase(
  database: Database,
  { path, checkpointPages = 1_000 }: { readonly path: string; readonly checkpointPages?: number },
): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (isOpenHere(path)) throw openAlready(path);
    if (!checkFile(path)) create(path);
    database.open(path);
    prepare(database, checkpointPages);
    migrate(database, path);
    // From here on the log is synced apart from the commit, and no answer comes before that.
    database.pragma('synchronous = NORMAL');
  } catch (error) {
    database.close();
    throw storageError(error);
  }
}

/**
 * Whole or not at all: a file that a crash left half made would be taken for a damaged one. And
 * never in the place of another's, who would go on writing into a file that nobody finds again.
 */
function create(path: string): void {
  const half = `${path}.${process.pid}.new`;
  rmSync(half, { force: true });
  // SQLite gives its log the mode of the database: messages are for this user alone.
  closeSync(openSync(half, 'wx', 0o600));
  const database = new Database();
  database.open(half);
  try {
    database.pragma(`application_id = ${applicationId}`);
    database.exec('PRAGMA synchronous = EXTRA; CREATE TABLE t (a); DROP TABLE t;');
  } finally {
    database.close();
  }
  try {
    linkSync(half, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // A file system without links has no better way.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error;
    return renameSync(half, path);
  } finally {
    rmSync(half, { force: true });
  }
}

function openAlready(path: string): GatewayError {
  return new GatewayError(
    'store_unavailable',
    `This process has ${path} open already; use that store, or give this one a folder of its own.`,
    { retryable: false },
  );
}

function prepare(database: Database, checkpointPages: number): void {
  // One process owns the file: a second one is refused, and no shared memory is needed.
  database.pragma('locking_mode = EXCLUSIVE');
  const mode = database.pragma('journal_mode = WAL');
  if (mode !== 'wal') {
    throw new GatewayError(
      'store_unavailable',
      'The file system cannot hold a write-ahead log; put the data folder on a local disk.',
      { retryable: false },
    );
  }
  // FULL syncs the log at each commit: a schema is brought up to date whole, or not at all.
  database.exec(
    'PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;',
  );
  database.pragma('cache_size = -32768');
  database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  // Takes the lock now, not at the first write.
  database.exec('BEGIN EXCLUSIVE; COMMIT;');
}

function migrate(database: Database, path: string): void {
  const version = Number(database.pragma('user_version'));
  if (version > migrations.length) {
    throw new GatewayError(
      'store_unavailable',
      `${path} was written by a newer version of the gateway (schema ${version}, this one knows ${migrations.length}). Install that version or a later one.`,
      { retryable: false },
    );
  }
  for (let next = version; next < migrations.length; next++) {
    const step = migrations[next] ?? '';
    const { sql, after } = typeof step === 'string' ? { sql: step, after: undefined } : step;
    database.exec(`BEGIN IMMEDIATE; ${sql}`);
    after?.(database);
    database.exec(`PRAGMA user_version = ${next + 1}; COMMIT;`);
  }
}
