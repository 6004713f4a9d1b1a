import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '@blazz/core';
import { findProcess, type ListProcesses, listProcesses } from '../browser/process-table';

/** Who holds a profile, as written in its lock file. */
export interface LockOwner {
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
  const path = join(dir, lockFileName);
  const self = await findProcess(process.pid, list);
  const owner: LockOwner = {
    host,
    pid: process.pid,
    started: self?.started ?? '',
    token: randomUUID(),
  };
  // Two tries suffice: one to clear away a dead owner's file, one to write our own.
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path, owner)) return { owner, release: () => release(path, owner) };
    const held = await readOwner(path);
    if (held === 'absent') continue;
    if (held !== 'unreadable') await assertVoid(held, host, leaseHeld, list);
    await clear(path, held);
  }
  throw locked('Another process takes the profile of this session at this very moment');
}

/** Writes the file whole or not at all: a link of a finished file never shows half of it. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const draft = `${path}.${owner.token}`;
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

async function readOwner(path: string): Promise<LockOwner | 'absent' | 'unreadable'> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<LockOwner> | null;
    const { host, pid, started, token } = value ?? {};
    if (typeof host !== 'string' || typeof pid !== 'number') return 'unreadable';
    return { host, pid, started: String(started ?? ''), token: String(token ?? '') };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
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
      'The profile of this session is locked by another machine; stop it there, or run with a shared lease',
    );
  }
  const living = await findProcess(held.pid, list);
  if (living === undefined || (held.started !== '' && living.started !== held.started)) return;
  throw locked('The profile of this session is in use by another process of this machine; stop it');
}

/**
 * Moves a void lock out of the way. Somebody may have replaced it since it was read: then theirs is
 * put back, and the next try finds it.
 */
async function clear(path: string, expected: LockOwner | 'unreadable'): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Somebody was faster.
  }
  const moved = await readOwner(aside);
  const same =
    typeof moved === 'object' && typeof expected === 'object'
      ? moved.token === expected.token && moved.pid === expected.pid
      : moved === expected;
  if (!same) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, owner: LockOwner): Promise<void> {
  const held = await readOwner(path);
  if (typeof held === 'object' && held.token === owner.token) await rm(path, { force: true });
}

function locked(what: string): GatewayError {
  return new GatewayError('profile_locked', `${what}, then start the session again.`);
}
