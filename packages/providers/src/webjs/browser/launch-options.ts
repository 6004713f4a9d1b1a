import type { LaunchOptions } from '../library/library-types';
import type { ResolvedOptions } from '../options';
import type { FoundBrowser } from './find-browser';

/** How long the browser may take to come up, and one call into it may take, in milliseconds. */
const browserTimeoutMs = 30_000;

/**
 * How the browser is started. Over a pipe, so that a browser whose gateway is killed ends by itself
 * and writes its storage out; without puppeteer's signal handlers, which kill browsers before they
 * have written. Puppeteer puts it into a process group of its own.
 */
export function launchOptions(browser: FoundBrowser, options: ResolvedOptions): LaunchOptions {
  return {
    executablePath: browser.path,
    headless: options.headless && browser.shell ? 'shell' : options.headless,
    args: [...(options.noSandbox ? ['--no-sandbox'] : []), ...options.extraBrowserArgs],
    pipe: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    protocolTimeout: browserTimeoutMs,
    timeout: browserTimeoutMs,
  };
}
