import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/web/cli';
import { Browsers, next } from './support/browser';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const cli = join(root, 'packages/simulator/src/web/cli.ts');

interface Announcement {
  readonly chromium_args: string[];
  readonly control_url: string;
  readonly token: string;
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('blazz-simulator', () => {
  it.each([
    [['--port', ''], '--port takes a port from 0 to 65535, not "".'],
    [['--port', '1e3'], '--port takes a port from 0 to 65535, not "1e3".'],
    [['--port', 'eighty'], '--port takes a port from 0 to 65535, not "eighty".'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--token', 'short'], 'The control token needs at least 16 characters.'],
  ])('explains %j', async (args, sentence) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await main(args)).toBeGreaterThan(0);
    expect(error.mock.calls.flat().join('\n')).toContain(sentence);
    error.mockRestore();
  });

  it('prints its usage', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(await main(['--help'])).toBe(0);
    expect(log.mock.calls.flat().join()).toContain('--data-dir PATH');
    log.mockRestore();
  });

  describe('as a process with a data folder', () => {
    const browsers = new Browsers();
    let dir: string;
    let child: ChildProcess | undefined;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'blazz-simulator-cli-'));
    });
    afterAll(async () => {
      await browsers[Symbol.asyncDispose]();
      child?.kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    });

    async function start(port: number): Promise<Announcement> {
      const args = ['--port', String(port), '--data-dir', dir, '--json'];
      const program = `import(${JSON.stringify(cli)}).then(({ main }) => main(${JSON.stringify(args)}))`;
      const started = spawn(process.execPath, [tsx, '-e', program], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      const line = await new Promise<string>((resolve) => {
        started.stdout?.once('data', (data) => resolve(String(data)));
      });
      return JSON.parse(line) as Announcement;
    }

    async function stop(): Promise<number | null> {
      const ended = new Promise<number | null>((resolve) => child?.once('exit', resolve));
      child?.kill('SIGTERM');
      return ended;
    }

    async function post(to: Announcement, path: string, body: object): Promise<number> {
      const headers = { authorization: `Bearer ${to.token}` };
      return (
        await fetch(to.control_url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      ).status;
    }

    it('is driven over HTTP, and a restarted one meets the same profile again', async () => {
      const port = await freePort();
      const first = await start(port);
      const client = await browsers.client({ chromiumArgs: () => first.chromium_args }, 'cli');
      const [[qr]] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
      const ready = next(client, 'ready');
      expect(await post(first, '/api/scan', { qr, number: '628111000111' })).toBe(200);
      await ready;
      const heard = next(client, 'message');
      const hello = { to: '628111000111', from: '628222000222', content: 'halo' };
      expect(await post(first, '/api/messages', hello)).toBe(200);
      await heard;
      await browsers.close(client);
      expect(await stop()).toBe(0);

      const second = await start(port);
      expect(second.chromium_args).toEqual(first.chromium_args);
      const restored = await browsers.client({ chromiumArgs: () => second.chromium_args }, 'cli');
      await Promise.all([next(restored, 'ready'), restored.initialize()]);
      const chat = await restored.getChatById('628222000222@c.us');
      expect((await chat.fetchMessages({ limit: 5 })).map((message) => message.body)).toEqual([
        'halo',
      ]);
      await browsers.close(restored);
      expect(await stop()).toBe(0);
    });
  });
});
