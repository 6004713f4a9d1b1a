import { GatewayError, isGatewayError } from '@blazz/core';

/** What the system says when a folder cannot be written, and what is wrong then. */
const folderFaults: Readonly<Record<string, string>> = {
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a read-only disk',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is on a full disk',
  ENOTDIR: 'is a file, or lies beneath one',
  EEXIST: 'is a file, or lies beneath one',
};

/** A fault of the disk, said so that it can be mended; anything else as it is. */
export function folderError(thrown: unknown): unknown {
  const { code = '' } = thrown as NodeJS.ErrnoException;
  const fault = Object.hasOwn(folderFaults, code) ? folderFaults[code] : undefined;
  if (fault === undefined || isGatewayError(thrown)) return thrown;
  return new GatewayError(
    'start_failed',
    `The folder of the sessions (sessionsDir) ${fault}; mend that, then start the session again.`,
    { cause: thrown },
  );
}
