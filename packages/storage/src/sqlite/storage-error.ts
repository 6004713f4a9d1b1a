import { GatewayError, isGatewayError } from '@blazz/core';

/** What SQLite says, by the beginning of its code, and what to do about it. The first that fits. */
const advice: readonly (readonly [code: string, message: string, retryable: boolean])[] = [
  ['SQLITE_FULL', 'The disk is full; free some space. Nothing that was answered is lost.', true],
  [
    'SQLITE_BUSY',
    'Another process has the database open; only one may. Stop it, or give this one a folder of its own.',
    false,
  ],
  [
    'SQLITE_READONLY',
    'The database cannot be written; let the user of this process write the file and its folder.',
    false,
  ],
  [
    'SQLITE_CANTOPEN',
    'The database cannot be opened; check that its folder exists and that this user may write it.',
    false,
  ],
  [
    'SQLITE_PERM',
    'The database cannot be opened; let the user of this process read and write it.',
    false,
  ],
  [
    'SQLITE_CORRUPT',
    'The database is damaged. Stop the server, keep a copy of the file and its -wal, and put back a backup, or save what can be read with "sqlite3 FILE .recover".',
    false,
  ],
  [
    'SQLITE_NOTADB',
    'The file is no database of this gateway. Move it away, or name another folder.',
    false,
  ],
  ['SQLITE_IOERR', 'The disk failed to read or write; look at the system log.', true],
];

/** Codes of writes that no database would take. */
const faultyWrites = ['SQLITE_CONSTRAINT', 'SQLITE_MISMATCH', 'SQLITE_RANGE', 'SQLITE_TOOBIG'];

/** Whether a write itself is at fault, and not the file: it would fail again, and others would not. */
export function isFaultyWrite(thrown: unknown): boolean {
  const code = codeOf(thrown);
  if (code !== '') return faultyWrites.some((prefix) => code.startsWith(prefix));
  return [TypeError, RangeError, SyntaxError].some((each) => thrown instanceof each);
}

/** Whatever the driver throws, as the one error that says what to do. */
export function storageError(thrown: unknown): GatewayError {
  if (isGatewayError(thrown)) return thrown;
  if (isFaultyWrite(thrown)) {
    const why = 'The store cannot keep this; see the cause. What else was written is not touched.';
    return new GatewayError('internal', why, { cause: thrown, retryable: false });
  }
  const code = codeOf(thrown);
  const known = advice.find(([prefix]) => code.startsWith(prefix));
  const message = known?.[1] ?? 'The database could not be used; see the cause.';
  return new GatewayError('store_unavailable', message, {
    cause: thrown,
    retryable: known?.[2] ?? true,
    ...(code === '' ? {} : { details: { code } }),
  });
}

/** What is told when the disk refused to sync what was committed. */
export function syncError(cause: unknown): GatewayError {
  const code = codeOf(cause);
  return new GatewayError(
    'store_unavailable',
    `${code === 'SQLITE_FULL' ? 'The disk is full' : 'The disk failed'} while it was to keep what was just written, and nobody knows how much of that it holds. ${code === 'SQLITE_FULL' ? 'Free some space' : 'Look at the system log'}, then start the process again: it goes on from what is there.`,
    { cause, retryable: true, ...(code === '' ? {} : { details: { code } }) },
  );
}

/** What is told while the disk does not come back from a sync. */
export function hangError(): GatewayError {
  return new GatewayError(
    'store_unavailable',
    'The disk has not answered for seconds, and nothing more is taken until it does. Look at the system log.',
    { retryAfterMs: 1_000 },
  );
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  if ('code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('SQLITE_')) {
    return thrown.code;
  }
  const message = 'message' in thrown ? String(thrown.message) : '';
  // Some of the driver's errors carry no code, only SQLite's own words.
  if (/database is locked/i.test(message)) return 'SQLITE_BUSY';
  if (/malformed/i.test(message)) return 'SQLITE_CORRUPT';
  if (/not a database/i.test(message)) return 'SQLITE_NOTADB';
  if (/disk is full/i.test(message)) return 'SQLITE_FULL';
  if (/unable to open/i.test(message)) return 'SQLITE_CANTOPEN';
  return '';
}
