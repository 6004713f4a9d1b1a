import { type Clock, delay } from '@blazz/core';
import { type ListProcesses, listProcesses, type ProcessInfo } from './process-table';

/** What {@link killProfileUsers} needs. */
export interface KillOptions {
  /** Time. */
  readonly clock: Clock;
  /** How long to wait for the processes to be gone, in milliseconds. Default 5 000. */
  readonly timeoutMs?: number;
  /**
   * The process group of the browser that was started on the profile. Chromium's children do not
   * name their profile: once the browser itself is gone, only their group tells whose they are.
   */
  readonly group?: number | undefined;
  /** Where processes are looked up. Default: the machine. */
  readonly list?: ListProcesses;
}

/** What became of a kill. */
export interface KillReport {
  /** How many processes were killed. */
  readonly killed: number;
  /** Those that are still there after the time-out: a process stuck in the kernel. */
  readonly left: readonly number[];
}

/** Whether a process runs on a browser profile, by its command line. */
export function usesProfile(process: ProcessInfo, profileDir: string): boolean {
  const flag = `--user-data-dir=${profileDir}`;
  return process.args.some(
    (arg) => arg === flag || arg.includes(`${flag} `) || arg.endsWith(` ${flag}`),
  );
}

/**
 * The processes of the browsers that run on a profile: those that name it, their process groups
 * (where the leader itself names it, so that a shell's or a gateway's group is never taken along)
 * and all their descendants; the given group as well, unless its number now belongs to another
 * program. A process that is dying has no command line any more: it is nobody else's. Never this
 * process.
 */
export function profileTree(
  processes: readonly ProcessInfo[],
  profileDir: string,
  group?: number,
): readonly ProcessInfo[] {
  const found = new Map<number, ProcessInfo>();
  const add = (entry: ProcessInfo): void => {
    if (entry.pid === process.pid || found.has(entry.pid)) return;
    found.set(entry.pid, entry);
    for (const other of processes) if (other.parent === entry.pid) add(other);
  };
  for (const entry of processes) {
    if (!usesProfile(entry, profileDir)) continue;
    add(entry);
    if (entry.group !== entry.pid) continue;
    for (const other of processes) if (other.group === entry.pid) add(other);
  }
  const reused = processes.some(
    (entry) => entry.pid === group && entry.args.length > 0 && !found.has(entry.pid),
  );
  if (!reused) for (const entry of processes) if (entry.group === group) add(entry);
  return [...found.values()];
}

/**
 * Kills every process that runs on a profile, with its whole tree, and waits until they are gone.
 * Looks again after each kill: a browser that is just starting forks faster than one list shows.
 */
export async function killProfileUsers(
  profileDir: string,
  options: KillOptions,
): Promise<KillReport> {
  const { clock, timeoutMs = 5_000, group, list = listProcesses } = options;
  const until = clock.monotonic() + timeoutMs;
  const killed = new Set<number>();
  for (;;) {
    const tree = profileTree(await list(), profileDir, group);
    if (tree.length === 0) return { killed: killed.size, left: [] };
    if (clock.monotonic() > until) {
      return { killed: killed.size, left: tree.map((entry) => entry.pid) };
    }
    for (const { pid } of tree) {
      killed.add(pid);
      killProcess(pid);
    }
    await delay(clock, 20);
  }
}

/** Kills one process at once; one that is gone already is no error. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
