import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { GatewayError } from '@blazz/core';
import { puppeteerBrowser, sparticuzBrowser } from './packaged-browsers';

/** A Chromium that can be started. */
export interface FoundBrowser {
  /** Path of the real binary. */
  readonly path: string;
  /** Whether it is a headless shell: half the memory of full Chromium, but no profile lock of its own. */
  readonly shell: boolean;
}

/** Where {@link findBrowser} looks. Every property has the machine's own default; tests give others. */
export interface BrowserSearch {
  /** A path from the configuration; then nothing else is looked at. */
  readonly configured?: string | undefined;
  /** The environment. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Paths to try in order. Default: the usual places. */
  readonly system?: readonly string[];
  /** Browsers inside npm packages, in order. Default: puppeteer's download, `@sparticuz/chromium`. */
  readonly packaged?: readonly (() => Promise<string | undefined>)[];
}

/** The usual places: headless shells first, since they need half the memory. */
export const systemBrowsers: readonly string[] = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chrome-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Debian's `chromium-headless-shell` is a script that starts the binary as its child: a kill of the
 * script leaves the browser behind. This is the binary.
 */
const debianShell = '/usr/lib/chromium/chromium-headless-shell';

/**
 * Finds a Chromium: the configured one, `CHROME_PATH` or `PUPPETEER_EXECUTABLE_PATH`, the system's
 * (a headless shell before full Chromium), puppeteer's own download, then `@sparticuz/chromium`.
 * @throws GatewayError `browser_not_found`, naming the fixes
 */
export async function findBrowser(search: BrowserSearch = {}): Promise<FoundBrowser> {
  const { configured, env = process.env, system = systemBrowsers } = search;
  // A variable that is set to nothing is not set: compose files do that.
  const named = configured || env.CHROME_PATH || env.PUPPETEER_EXECUTABLE_PATH;
  if (named) {
    const found = await usable(named);
    if (found !== undefined) return found;
    throw new GatewayError(
      'browser_not_found',
      'The configured browser path (browserPath, CHROME_PATH or PUPPETEER_EXECUTABLE_PATH) is not an executable file; correct it or remove it.',
    );
  }
  for (const path of system) {
    const found = await usable(path);
    if (found !== undefined) return found;
  }
  for (const locate of search.packaged ?? [puppeteerBrowser, sparticuzBrowser]) {
    const path = await locate();
    const found = path === undefined ? undefined : await usable(path);
    // What npm packages bring along is a headless shell.
    if (found !== undefined) return { ...found, shell: true };
  }
  throw new GatewayError(
    'browser_not_found',
    'No Chromium was found. Install one ("apt-get install chromium chromium-headless-shell" or "npm install @sparticuz/chromium"), or set CHROME_PATH to one.',
  );
}

async function usable(path: string): Promise<FoundBrowser | undefined> {
  if (!(await isExecutable(path))) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const shell = name.includes('headless-shell') || name.includes('headless_shell');
  if (
    shell &&
    path !== debianShell &&
    (await isScript(path)) &&
    (await isExecutable(debianShell))
  ) {
    return { path: debianShell, shell };
  }
  return { path, shell };
}

/** Whether a path is a file that can be run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // Folders can be entered, which counts as executable, too.
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isScript(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await file.close();
  }
}
