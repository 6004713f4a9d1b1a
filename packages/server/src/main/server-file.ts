import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Notes where the server listens, so that the `blazz` command finds it.
 * @returns takes the note away again
 */
export async function noteAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'server.json');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
  return () => rm(path, { force: true });
}
