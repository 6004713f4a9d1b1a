import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import type { Client, Message } from 'whatsapp-web.js';
import type { WebSimulator } from '../../../src/web/index';

// whatsapp-web.js is CommonJS: its names are only there at run time.
const library = createRequire(import.meta.url)(
  'whatsapp-web.js',
) as typeof import('whatsapp-web.js');
export const Location: typeof import('whatsapp-web.js').Location = library.Location;
export const MessageMedia: typeof import('whatsapp-web.js').MessageMedia = library.MessageMedia;
export const Poll: typeof import('whatsapp-web.js').Poll = library.Poll;

/** A system's headless shell, or the one inside @sparticuz/chromium. */
export async function findBrowser(): Promise<{ path: string; args: string[] }> {
  const known = [
    process.env.CHROME_PATH,
    process.env.PUPPETEER_EXECUTABLE_PATH,
    '/usr/lib/chromium/chromium-headless-shell',
  ].find((path) => path && existsSync(path));
  if (known) return { path: known, args: [] };
  // Its own flags, without those that would weaken what is tested or share one process.
  const args = chromium.args.filter(
    (one) => !/single-process|site-per-process|no-zygote/.test(one),
  );
  return { path: await chromium.executablePath(), args };
}

/**
 * After a navigation whatsapp-web.js injects itself again and nobody awaits it: closing the browser
 * meanwhile would end the test run with an unhandled rejection. The first injection is awaited.
 */
function contain(client: Client): void {
  // Not in its type declarations.
  const inner = client as unknown as { inject(): Promise<void> };
  const inject = inner.inject.bind(client);
  let first = true;
  inner.inject = async () => {
    // A browser that goes while it is being read resets puppeteer's pipes, and nobody listens there.
    for (const stream of client.pupBrowser?.process()?.stdio ?? [])
      stream?.on('error', () => undefined);
    const injected = inject();
    if (!first) return injected.catch(() => undefined);
    first = false;
    return injected;
  };
}

/** A folder for browser profiles, and every client that lives in it. */
export class Browsers implements AsyncDisposable {
  readonly #clients = new Set<Client>();
  #dir: Promise<string> | undefined;

  /** A client, not yet started. The same `profile` meets the same browser profile. */
  async client(
    simulator: Pick<WebSimulator, 'chromiumArgs'>,
    profile: string,
    options: object = {},
  ): Promise<Client> {
    this.#dir ??= mkdtemp(join(tmpdir(), 'blazz-simulator-'));
    const { path, args } = await findBrowser();
    const client = new library.Client({
      authStrategy: new library.LocalAuth({ clientId: profile, dataPath: await this.#dir }),
      webVersionCache: { type: 'none' },
      puppeteer: {
        headless: 'shell' as never,
        executablePath: path,
        pipe: true,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        protocolTimeout: 30_000,
        args: [...args, '--no-sandbox', ...simulator.chromiumArgs()],
      },
      ...options,
    });
    contain(client);
    this.#clients.add(client);
    return client;
  }

  /** Closes a client's browser; its profile stays. */
  async close(client: Client): Promise<void> {
    this.#clients.delete(client);
    const process = client.pupBrowser?.process();
    await client.destroy().catch(() => undefined);
    // What still runs may write into the folder that is removed next.
    if (process && process.exitCode === null && process.signalCode === null) {
      await new Promise((resolve) => process.once('exit', resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients].map((client) => this.close(client)));
    const dir = await this.#dir;
    if (dir) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The arguments of the next `event` that `wanted` accepts. */
export function next<T extends unknown[]>(
  emitter: EventEmitter,
  event: string,
  wanted: (...args: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = (...args: unknown[]): void => {
      if (!wanted(...(args as T))) return;
      clearTimeout(timer);
      emitter.off(event, listener);
      resolve(args as T);
    };
    const timer = setTimeout(() => {
      emitter.off(event, listener);
      reject(new Error(`No fitting "${event}" within 20 s.`));
    }, 20_000);
    emitter.on(event, listener);
  });
}

/** The next acknowledgement of a message at `level` or above. */
export function acknowledged(client: Client, id: () => string, level: number): Promise<unknown> {
  return next<[Message, number]>(
    client,
    'message_ack',
    (message, ack) => message.id._serialized === id() && ack >= level,
  );
}
