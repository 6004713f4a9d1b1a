import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis of our own: on a free port, its append-only file in a temporary folder. */
export class RedisProcess {
  /** Where it listens. */
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port;
    this.#child = child;
    this.#folder = folder;
  }

  /**
   * Starts `redis-server`.
   * @param fsync how often it syncs its append-only file
   * @throws Error when there is none
   */
  static async start(fsync: 'everysec' | 'always'): Promise<RedisProcess> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'blazz-redis-'));
    const settings = { port, dir: folder, bind: '127.0.0.1', save: '', appendonly: 'yes' };
    const args = Object.entries({ ...settings, appendfsync: fsync });
    const child = spawn(
      'redis-server',
      args.flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.once('error', () => {
      throw new Error('There is no redis-server: apt-get install -y redis-server.');
    });
    for await (const chunk of child.stdout) {
      if (String(chunk).includes('Ready to accept connections')) break;
    }
    return new RedisProcess(port, child, folder);
  }

  /** Ends it, and removes what it wrote. */
  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
