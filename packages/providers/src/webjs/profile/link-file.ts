import { renameSync, writeFileSync } from 'node:fs';
import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asRaw } from '../../json/raw';
import type { ProfilePaths } from './profile-paths';

const fileName = 'link.json';

/**
 * Whether a profile holds credentials. A profile that another program made with LocalAuth has no
 * file of ours: it counts as linked when WhatsApp Web keeps a database in it.
 */
export async function isLinked(paths: ProfilePaths): Promise<boolean> {
  try {
    const { linked } = asRaw(JSON.parse(await readFile(join(paths.dir, fileName), 'utf8')));
    return linked === true;
  } catch {
    const database = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
    return access(join(paths.browserDir, database)).then(
      () => true,
      () => false,
    );
  }
}

/**
 * Writes down whether a profile holds credentials: whole, and before anybody is told. It changes
 * with a link and its end only, so it may take the event loop's time.
 */
export function writeLink(paths: ProfilePaths, linked: boolean): void {
  const path = join(paths.dir, fileName);
  writeFileSync(`${path}.new`, JSON.stringify({ linked }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Deletes the credentials. Only after the browser is gone, and only when the link was ended. */
export async function wipeProfile(paths: ProfilePaths): Promise<void> {
  await rm(paths.browserDir, { recursive: true, force: true, maxRetries: 5 });
  await rm(join(paths.dir, fileName), { force: true });
}
