import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '@blazz/core';
import { asRaw, asText } from '../../json/raw';
import { findProcess, type ListProcesses, listProcesses } from '../browser/process-table';

/** Who holds a profile, as written in its lock file. */
interface LockOwner {
  /** The machine's name. */
  readonly host: string;
  /** The gateway's process id on that machine. */
  readonly pid: number;
  /** When that process started: an id alone may be given out again. */
  readonly started: string;
  /** Different for every lock that was ever taken. */
  readonly token: string;
}

/** What {@link acquireProfileLock} can be told. */
export interface ProfileLockOptions {
  /** This machine's name. Default: the operating system's. */
  readonly host?: string;
  /** Whether the caller holds a lease on the session, so that another machine's lock is void. Default: false. */
  readonly leaseHeld?: boolean;
  /** Where processes are looked up. Default: the machine. */
  readonly list?: ListProcesses;
}

/** A held lock. */
export interface ProfileLock {
  /** What the lock file says. */
  readonly owner: LockOwner;
  /** Gives the profile back. Idempotent; leaves a lock alone that somebody else took over. */
  release(): Promise<void>;
}

/** The lock file's name, beside the browser's profile. */
export const lockFileName = 'gateway.lock';

/**
 * Takes a session's folder for this process. The lock of a dead process of this machine is taken
 * over; a headless shell has no lock of its own, so this file is what keeps two gateways apart.
 * @throws GatewayError `profile_locked` when a living process, or another machine, holds it
 */
export async function acquireProfileLock(
  dir: string,
  options: ProfileLockOptions = {},
): Promise<ProfileLock> {
  const { host = hostname(), leaseHeld = false, list = listProcesses } = options;
  const self = await findProcess(process.pid, list);
  const owner: LockOwner = {
    host,
    pid: process.pid,
    started: self?.started ?? '',
    token: randomUUID(),
  };
  const path = join(dir, lockFileName);
  await acquire(path, owner, (held) => assertVoid(held, host, leaseHeld, list));
  return { owner, release: () => release(path, owner) };
}

/** Throws when a lock is not void. */
type Judge = (held: LockOwner) => Promise<void>;

/**
 * Creates the lock file, and clears a void one out of the way first. Files know no
 * compare-and-delete: two that read the same void lock might one after the other delete it, the
 * second one deleting what the first has just created. So whoever wants to delete a lock first
 * locks its very content; a lock is only ever deleted under the lock of what it says.
 */
async function acquire(path: string, owner: LockOwner, judge: Judge, depth = 0): Promise<void> {
  for (let attempt = 0; attempt < 3 && depth < 4; attempt++) {
    if (await create(path, owner)) return;
    const found = await read(path);
    if (found === undefined) continue;
    const held = decodeOwner(found);
    if (held !== undefined) await judge(held);
    const digest = createHash('sha256').update(found).digest('hex').slice(0, 16);
    const breaker = `${path}.${digest}`;
    await acquire(breaker, owner, judge, depth + 1);
    try {
      if ((await read(path)) === found) await rm(path, { force: true });
    } finally {
      await rm(breaker, { force: true });
    }
  }
  throw locked('Another process takes the profile of this session at this very moment; stop it');
}

/** Writes the file whole or not at all: a link of a finished file never shows half of it. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** What a lock file says; `undefined` when it is none: those are written whole, so it was damaged. */
function decodeOwner(text: string): LockOwner | undefined {
  try {
    const { host, pid, started, token } = asRaw(JSON.parse(text));
    if (typeof host !== 'string' || typeof pid !== 'number') return undefined;
    return { host, pid, started: asText(started) ?? '', token: asText(token) ?? '' };
  } catch {
    return undefined;
  }
}

async function assertVoid(
  held: LockOwner,
  host: string,
  leaseHeld: boolean,
  list: ListProcesses,
): Promise<void> {
  if (held.host !== host) {
    if (leaseHeld) return;
    throw locked(
      'The profile of this session is locked by another machine; stop it there or, if that machine is gone for good, allow the take-over (leaseHeld; BLAZZ_TAKE_PROFILES for the server)',
    );
  }
  const living = await findProcess(held.pid, list);
  if (living === undefined || (held.started !== '' && living.started !== held.started)) return;
  throw locked('The profile of this session is in use by another process of this machine; stop it');
}

async function release(path: string, owner: LockOwner): Promise<void> {
  const found = await read(path);
  const held = found === undefined ? undefined : decodeOwner(found);
  if (held?.token === owner.token) await rm(path, { force: true });
}

function locked(what: string): GatewayError {
  return new GatewayError('profile_locked', `${what}, then start the session again.`);
}
