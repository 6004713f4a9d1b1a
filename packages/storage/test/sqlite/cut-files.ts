import type { Chance } from '../../../../soak/chance';

/** What stands on the disk, as somebody who reads the files after a commit sees it. */
export interface DiskState {
  /** The database. */
  readonly main: Buffer;
  /** Its write-ahead log. */
  readonly log: Buffer;
}

/** The unit that a disk writes whole or not at all, in bytes. */
const SECTOR = 512;
/** The length of a log's header, which changes when the log begins anew. */
const LOG_HEADER = 32;

/**
 * What a power cut may leave between one commit that was answered and the next that was not.
 *
 * The store writes in this order: frames into the log, sync of the log (now the commit is answered), and at times a checkpoint: pages from the log into
 * the database, sync of the database, and only with the next commit a log that begins anew: its
 * header, sync of the header, then its frames over those from before. Between two syncs a disk may
 * have written any subset of the sectors, in any order. So a cut leaves either some sectors of the
 * new log and the old database, or the whole new log and some sectors of the new database.
 */
export function cutBetween(before: DiskState, after: DiskState, chance: Chance): DiskState {
  if (chance() < 0.7) {
    const log = beganAnew(before, after) ? withHeader(before.log, after.log) : before.log;
    return { main: before.main, log: mixed(log, after.log, chance) };
  }
  return { main: mixed(before.main, after.main, chance), log: after.log };
}

/** Whether the log began anew between the two. */
export function beganAnew(before: DiskState, after: DiskState): boolean {
  const [a, b] = [before.log, after.log].map((log) => log.subarray(0, LOG_HEADER));
  return before.log.length > 0 && !(a as Buffer).equals(b as Buffer);
}

/** The log from before, under the header of the one that began anew. */
function withHeader(before: Buffer, after: Buffer): Buffer {
  return Buffer.concat([after.subarray(0, LOG_HEADER), before.subarray(LOG_HEADER)]);
}

function mixed(before: Buffer, after: Buffer, chance: Chance): Buffer {
  const share = chance();
  const sectors: Buffer[] = [];
  const length = Math.max(before.length, after.length);
  let end = before.length;
  for (let at = 0; at < length; at += SECTOR) {
    const [old, young] = [at_(before, at), at_(after, at)];
    const isWritten = !old.equals(young) && chance() < share;
    if (isWritten) end = Math.max(end, Math.min(at + SECTOR, after.length));
    sectors.push(padded(isWritten ? young : old));
  }
  return Buffer.concat(sectors).subarray(0, end);
}

function at_(file: Buffer, at: number): Buffer {
  return file.subarray(at, at + SECTOR);
}

/** A hole reads as zeros. */
function padded(sector: Buffer): Buffer {
  return sector.length === SECTOR
    ? sector
    : Buffer.concat([sector, Buffer.alloc(SECTOR - sector.length)]);
}
