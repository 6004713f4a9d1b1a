import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asNumber, asRaw } from '../decode/raw';
import type { ProfilePaths } from './profile-paths';

/** What is remembered of a session beside its browser profile. */
export interface ProfileState {
  /** Whether the profile holds credentials. */
  readonly linked: boolean;
  /** When the latest message that was told was written, seconds since 1970. */
  readonly lastSeen?: number;
}

const fileName = 'gateway.json';

/** What was remembered last; `undefined` when nothing was, or it cannot be read. */
export async function readProfileState(paths: ProfilePaths): Promise<ProfileState | undefined> {
  try {
    const { linked, last_seen } = asRaw(
      JSON.parse(await readFile(join(paths.dir, fileName), 'utf8')),
    );
    const lastSeen = asNumber(last_seen);
    return { linked: linked === true, ...(lastSeen === undefined ? {} : { lastSeen }) };
  } catch {
    return undefined;
  }
}

/** Remembers; a crash leaves the old file or the new one, never half of one. */
export async function writeProfileState(paths: ProfilePaths, state: ProfileState): Promise<void> {
  const path = join(paths.dir, fileName);
  const draft = `${path}.new`;
  const body = { linked: state.linked, last_seen: state.lastSeen };
  await writeFile(draft, JSON.stringify(body), { mode: 0o600 });
  await rename(draft, path);
}

/**
 * Whether the profile holds credentials. A profile that another program made with LocalAuth has no
 * file of ours: it counts as linked when WhatsApp Web keeps a database in it.
 */
export async function isLinked(paths: ProfilePaths): Promise<boolean> {
  const state = await readProfileState(paths);
  if (state !== undefined) return state.linked;
  const database = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
  return access(join(paths.browserDir, database)).then(
    () => true,
    () => false,
  );
}

/** Deletes the credentials. Only after the browser is gone, and only when the link was ended. */
export async function wipeProfile(paths: ProfilePaths): Promise<void> {
  await rm(paths.browserDir, { recursive: true, force: true, maxRetries: 5 });
  await rm(join(paths.dir, fileName), { force: true });
}
