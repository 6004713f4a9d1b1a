import { readFile } from 'node:fs/promises';
import { type ListProcesses, listProcesses } from './process-table';
import { profileTree } from './process-tree';

/**
 * How much memory the browser on a profile takes, in bytes: each process with its share of what
 * it shares with others (PSS). `undefined` where the system does not tell, so everywhere but on Linux.
 */
export async function profileMemory(
  profileDir: string,
  group: number | undefined,
  list: ListProcesses = listProcesses,
): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tree = profileTree(await list(), profileDir, group);
  const shares = await Promise.all(tree.map(({ pid }) => shareOf(pid)));
  const known = shares.filter((share) => share !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, share) => sum + share, 0);
}

/** One process; `undefined` when it ended meanwhile, or is somebody else's. */
async function shareOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
