import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { GatewayError } from '@blazz/core';

/** Marks a file as one of this gateway's: "Blzz", in SQLite's `application_id`. */
export const applicationId = 0x426c7a7a;

/** Where the header of a SQLite file has what is looked at here, in bytes. */
const header = { length: 100, pageSize: 16, pageCount: 28, applicationId: 68 } as const;

/**
 * Looks at a file before SQLite does: SQLite takes an empty file for a new one, and would drop the
 * write-ahead file beside it.
 * @returns whether there is a database; false when there is nothing at all
 * @throws GatewayError `store_unavailable`, with the fix
 */
export function checkFile(path: string): boolean {
  const isThere = existsSync(path);
  // SQLite has its log beside the file itself, not beside a link to it.
  const hasLog = sizeOf(`${isThere ? realpathSync(path) : path}-wal`) > 0;
  if (!isThere) {
    if (!hasLog) return false;
    throw damaged(path, 'The database is gone, but its -wal file is there');
  }
  const size = sizeOf(path);
  if (size === 0) throw damaged(path, 'The database is an empty file');
  const bytes = Buffer.alloc(header.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (!bytes.toString('latin1').startsWith('SQLite format 3\0')) {
    throw damaged(path, 'The file is no SQLite database');
  }
  if (bytes.readUInt32BE(header.applicationId) !== applicationId) {
    throw new GatewayError(
      'store_unavailable',
      `${path} is a database of another program. Name another file or folder.`,
      { retryable: false },
    );
  }
  const pageSize = bytes.readUInt16BE(header.pageSize);
  const expected = bytes.readUInt32BE(header.pageCount) * (pageSize === 1 ? 65_536 : pageSize);
  // With a log, a power cut may have left the file behind its header: SQLite mends that from the log.
  if (!hasLog && size < expected) {
    throw damaged(path, `The database is cut off: ${size} of ${expected} bytes are there`);
  }
  return true;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function damaged(path: string, what: string): GatewayError {
  return new GatewayError(
    'store_unavailable',
    `${what} (${path}). Put back a backup of it and of its -wal file; or, to begin with nothing, move both away.`,
    { retryable: false },
  );
}
