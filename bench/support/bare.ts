import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Contender, ContenderOptions } from './contender';

const { Client, LocalAuth } = createRequire(import.meta.url)(
  'whatsapp-web.js',
) as typeof import('whatsapp-web.js');

/** How long a client may take to be ready: it misses a synchronisation that comes too early. */
const readyMs = 30_000;

/** A client, and the acknowledgements that it has heard of. */
interface Running {
  readonly client: InstanceType<typeof Client>;
  readonly ready: Promise<void>;
  readonly acknowledged: Set<string>;
  readonly waiting: Map<string, () => void>;
}

/**
 * whatsapp-web.js as its own guide starts it: a Client with LocalAuth, and every default. Given are
 * only the browser's path and arguments, and a folder for what would go into the current one.
 */
export async function bare(options: ContenderOptions): Promise<Contender> {
  const { dir, browserArgs, browserPath = '', sendOptions = {} } = options;
  const clients = new Map<string, Running>();
  const running = (name: string): Running => {
    const found = clients.get(name);
    if (found === undefined) throw new Error(`${name} is not started.`);
    return found;
  };
  // What the library leaves uncaught when a browser closes would end the measurement.
  process.on('unhandledRejection', (reason) => console.error('bare, uncaught:', String(reason)));
  return {
    async start(name) {
      const client = new Client({
        authStrategy: new LocalAuth({ clientId: name, dataPath: dir }),
        webVersionCache: { type: 'local', path: join(dir, '.wwebjs_cache') },
        puppeteer: {
          executablePath: browserPath,
          args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...browserArgs],
        },
      });
      const ready = new Promise<void>((resolve) => void client.once('ready', () => resolve()));
      const qr = new Promise<string>((resolve) => void client.once('qr', resolve));
      const acknowledged = new Set<string>();
      const waiting = new Map<string, () => void>();
      client.on('message_ack', ({ id }, ack) => {
        if (ack < 1) return;
        acknowledged.add(id._serialized);
        waiting.get(id._serialized)?.();
      });
      clients.set(name, { client, ready, acknowledged, waiting });
      await client.initialize();
      return within(Promise.race([ready.then(() => ({})), qr.then((text) => ({ qr: text }))]));
    },
    ready: (name) => within(running(name).ready),
    async send(name, to, text) {
      const { client, acknowledged, waiting } = running(name);
      const { id } = await client.sendMessage(`${to}@c.us`, text, sendOptions);
      const key = id._serialized;
      if (!acknowledged.has(key)) {
        await within(new Promise<void>((resolve) => waiting.set(key, resolve)));
      }
      waiting.delete(key);
    },
    async stop(name) {
      await running(name).client.destroy();
      clients.delete(name);
    },
  };
}

function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(`nothing within ${readyMs} ms`);
    const timer = setTimeout(() => reject(late), readyMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
