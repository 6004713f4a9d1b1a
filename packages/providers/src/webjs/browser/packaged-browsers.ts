import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { loadOptional, resolveOptional } from '../library/load-optional';

/** Puppeteer's own download, which most installations skip; `undefined` when there is none. */
export async function puppeteerBrowser(): Promise<string | undefined> {
  // Puppeteer belongs to whatsapp-web.js, and strict package managers show it to nobody else.
  const puppeteer = loadOptional<{ executablePath(): string | Promise<string> }>(
    'puppeteer',
    resolveOptional('whatsapp-web.js'),
  );
  try {
    return await puppeteer?.executablePath();
  } catch {
    // It throws when nothing was downloaded.
    return undefined;
  }
}

/**
 * The headless shell inside `@sparticuz/chromium`, unpacked to the temporary folder on first use.
 * The package's own list of arguments is not used: `--single-process` and `--disable-web-security`
 * are meant for AWS Lambda, and the binary runs without them.
 */
export async function sparticuzBrowser(): Promise<string | undefined> {
  const chromium = loadOptional<{ executablePath(): Promise<string> }>('@sparticuz/chromium');
  if (chromium === undefined) return undefined;
  const path = await chromium.executablePath();
  await unpacked(path);
  return path;
}

/** Another process may be unpacking the same file: it is whole when it runs. */
async function unpacked(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
      return;
    } catch (error) {
      if (attempt === 40) throw error;
      await sleep(250);
    }
  }
}
