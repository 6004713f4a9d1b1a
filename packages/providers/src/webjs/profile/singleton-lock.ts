import { readlink, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '@blazz/core';
import { findProcess, type ListProcesses, listProcesses } from '../browser/process-table';
import { usesProfile } from '../browser/process-tree';

/** What {@link clearSingletonLock} can be told. */
export interface SingletonLockOptions {
  /** This machine's name. Default: the operating system's. */
  readonly host?: string;
  /** Whether the caller holds a lease on the session, so that another machine's lock is void. Default: false. */
  readonly leaseHeld?: boolean;
  /** Where processes are looked up. Default: the machine. */
  readonly list?: ListProcesses;
}

/** What full Chromium puts into its profile while it runs; a headless shell has none of it. */
const files = ['SingletonLock', 'SingletonCookie', 'SingletonSocket'] as const;

/**
 * Removes the lock that a dead Chromium left in its profile: a link to `host-pid`. Chromium itself
 * recovers from its own machine's, but refuses another machine's for ever ("Code: 21"), which is
 * what a container that moved leaves behind.
 * @returns whether there was one to remove
 * @throws GatewayError `profile_locked` when its owner lives, or may live on another machine
 */
export async function clearSingletonLock(
  profileDir: string,
  options: SingletonLockOptions = {},
): Promise<boolean> {
  const { host = hostname(), leaseHeld = false, list = listProcesses } = options;
  const target = await readlink(join(profileDir, 'SingletonLock')).catch(() => undefined);
  if (target === undefined) return false;
  const dash = target.lastIndexOf('-');
  if (target.slice(0, dash) === host) {
    const owner = await findProcess(Number(target.slice(dash + 1)), list);
    if (owner !== undefined && usesProfile(owner, profileDir)) {
      throw locked('A browser of this machine still uses the profile; stop it');
    }
  } else if (!leaseHeld) {
    throw locked(
      'A browser of another machine holds the profile; stop it there, or run with a shared lease',
    );
  }
  await Promise.all(files.map((name) => rm(join(profileDir, name), { force: true })));
  return true;
}

function locked(what: string): GatewayError {
  return new GatewayError('profile_locked', `${what}, then start the session again.`);
}
