import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One process of this machine. */
export interface ProcessInfo {
  /** Its id. */
  readonly pid: number;
  /** Its parent's id. */
  readonly parent: number;
  /** The id of its process group; equal to `pid` for the group's leader. */
  readonly group: number;
  /** When it started, in the system's own notation: with `pid` it names one process for good. */
  readonly started: string;
  /** Its command line. Chromium's children rewrite theirs into one string. */
  readonly args: readonly string[];
}

/** Lists the processes that this one can see, zombies left out. */
export type ListProcesses = () => Promise<readonly ProcessInfo[]>;

/** The machine's processes: from `/proc` on Linux, from `ps` on other Unixes, none known on Windows. */
export const listProcesses: ListProcesses = () => {
  if (process.platform === 'linux') return fromProc();
  return process.platform === 'win32' ? Promise.resolve([]) : fromPs();
};

/** One process, or `undefined` when there is none with this id. */
export async function findProcess(
  pid: number,
  list: ListProcesses = listProcesses,
): Promise<ProcessInfo | undefined> {
  if (process.platform === 'linux' && list === listProcesses) return readProc(String(pid));
  return (await list()).find((entry) => entry.pid === pid);
}

async function fromProc(): Promise<readonly ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(readProc));
  return found.filter((entry) => entry !== undefined);
}

async function readProc(pid: string): Promise<ProcessInfo | undefined> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // The name in brackets may itself contain blanks and brackets: the fields begin after the last.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, group] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      started: fields[19] ?? '',
      args: cmdline.split('\0').filter((arg) => arg !== ''),
    };
  } catch {
    // It ended while it was read.
    return undefined;
  }
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

async function fromPs(): Promise<readonly ProcessInfo[]> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', columns], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, started = '', command = ''] = psLine.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), started, args: [command] },
    ];
  });
}
