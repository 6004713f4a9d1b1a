import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The browsers that run on profiles below a folder: the processes that puppeteer started. */
export function browsersOf(dir: string): number[] {
  return allProcesses().filter((pid) => {
    const words = textOf(`/proc/${pid}/cmdline`).split(/[\0 ]/);
    const profile = words.some((word) => word.startsWith(`--user-data-dir=${dir}`));
    return profile && !words.some((word) => word.startsWith('--type='));
  });
}

/** Processes with everything that they started. */
export function treeOf(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const pid of allProcesses()) {
    const stat = textOf(`/proc/${pid}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return roots.flatMap(below);
}

/** The file that a process runs. */
export function binaryOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/exe`);
}

/** What a browser calls itself. */
export function versionOf(path: string): string {
  return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** Where a full Chromium is when it is installed; puppeteer is told one of these, or downloads its own. */
const fullBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** The full Chromium of this machine, if it has one. `BARE_BROWSER` names another. */
export function fullBrowser(): string | undefined {
  return [process.env.BARE_BROWSER ?? '', ...fullBrowsers].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return path !== '';
    } catch {
      return false;
    }
  });
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A file's text; none when its process has ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
