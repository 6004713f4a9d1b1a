import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWorkspaceConfig } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, type TestKey } from '../support/call';
import { runProgram } from '../support/program';
import { connectStream } from '../support/stream-client';

async function keysOf(folder: string): Promise<{ key: TestKey }> {
  const file = JSON.parse(await readFile(join(folder, 'data', 'keys.json'), 'utf8'));
  return { key: file.keys[0] };
}

describe('the server as a program', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blazz-main-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const env = (more: Record<string, string> = {}) => ({
    BLAZZ_DATA_DIR: join(folder, 'data'),
    BLAZZ_SANDBOX: 'false',
    PORT: '0',
    ...more,
  });
  const address = /listens on (http:\/\/\S+)/;

  it('says loudly when nothing survives it', async () => {
    await using program = runProgram('main.ts', env({ SESSION_STORAGE_TYPE: 'memory' }));
    await program.seen(address);
    expect(program.output).toContain('lost when');
    await expect(stat(join(folder, 'data', 'blazz.db'))).rejects.toThrow('ENOENT');
  });

  it('starts, makes its keys, says where it is, and stops gracefully on SIGTERM', async () => {
    await using program = runProgram('main.ts', env());
    const url = (await program.seen(address))[1] as string;
    expect(program.output).not.toContain('lost when');
    expect((await stat(join(folder, 'data', 'blazz.db'))).mode & 0o077).toBe(0);
    expect((await call(url, { path: '/health/ready' })).status).toBe(200);
    const keyFile = JSON.parse(await readFile(join(folder, 'data', 'keys.json'), 'utf8'));
    expect(JSON.parse(await readFile(join(folder, 'data', 'server.json'), 'utf8')).url).toBe(url);
    expect((await stat(join(folder, 'data', 'server.json'))).mode & 0o077).toBe(0);
    const key = keyFile.keys[0];
    expect((await call(url, { path: '/internal/sessions', key })).json.data).toEqual([]);
    const stream = await connectStream(url, { key });
    await stream.next();
    program.process.kill('SIGTERM');
    expect(await stream.closed).toBe(1012);
    expect(await program.exited).toBe(0);
    expect(program.output).not.toContain(key.secret);
    await expect(stat(join(folder, 'data', 'server.json'))).rejects.toThrow('ENOENT');
  });

  it('starts a thousand workspaces while the primary application hangs', async () => {
    await mkdir(join(folder, 'data'));
    await using store = sqliteStore({ path: join(folder, 'data', 'blazz.db') });
    await store.start();
    const copy = (nth: number) =>
      parseWorkspaceConfig({ workspace_id: `ws_${nth}`, provider_type: 'web_js' });
    const copies = Array.from({ length: 1_000 }, (_, nth) => copy(nth));
    await Promise.all(copies.map((each) => store.workspaces.saveCopy(each)));
    await store.stop();
    const held: Socket[] = [];
    const primary = createServer((socket) => held.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => primary.once('listening', resolve));
    const { port } = primary.address() as AddressInfo;
    await using program = runProgram('main.ts', env({ PRIMARY_URL: `http://127.0.0.1:${port}` }));
    const url = (await program.seen(address))[1] as string;
    expect((await call(url, { path: '/health/ready' })).status).toBe(200);
    const { key } = await keysOf(folder);
    const known = await call(url, { path: '/internal/workspaces/ws_999', key });
    expect(known.json.data).toMatchObject({ provider_type: 'web_js' });
    expect(held.length).toBeLessThanOrEqual(4);
    primary.close();
    for (const socket of held) socket.destroy();
  });

  it('refuses a faulty environment with every problem, and exit code 2', async () => {
    await using program = runProgram('main.ts', env({ PORT: '99999', LOG_LEVEL: 'loud' }));
    expect(await program.exited).toBe(2);
    expect(program.errors).toContain('2 settings are wrong');
    expect(program.errors).toMatch(/PORT must be .*\n.*LOG_LEVEL must be /);
    await expect(stat(join(folder, 'data'))).rejects.toThrow('ENOENT');
  });

  it('says what to do when the port is taken, and exits with 2', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await using program = runProgram('main.ts', env({ PORT: String(port) }));
    expect(await program.exited).toBe(2);
    expect(program.errors).toContain(`127.0.0.1:${port}`);
    expect(program.errors).toContain('PORT=3002');
    other.close();
  });

  it('is the only server of its data folder, until it has stopped', async () => {
    await using first = runProgram('main.ts', env());
    const url = (await first.seen(address))[1] as string;
    const second = runProgram('main.ts', env());
    expect(await second.exited).toBe(2);
    expect(second.errors).toContain(`Another server runs from ${join(folder, 'data')}, at ${url}`);
    const note = join(folder, 'data', 'server.json');
    expect(JSON.parse(await readFile(note, 'utf8')).url).toBe(url);
    first.process.kill('SIGKILL');
    await first.exited;
    await using third = runProgram('main.ts', env());
    const next = (await third.seen(address))[1] as string;
    expect(JSON.parse(await readFile(note, 'utf8')).url).toBe(next);
  });

  it('is cut short when it is told to stop while its start hangs', async () => {
    // A folder that never answers, such as one on a network that is gone.
    const hang = `import { promises } from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      const { readFile } = promises;
      promises.readFile = (path, ...rest) => {
        if (!String(path).endsWith('keys.json')) return readFile(path, ...rest);
        console.log('reads the keys');
        return new Promise(() => setInterval(() => {}, 1000));
      };
      syncBuiltinESMExports();`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(hang)}`;
    await using program = runProgram(
      'main.ts',
      env({ NODE_OPTIONS: preload, BLAZZ_STOP_SECONDS: '1' }),
    );
    await program.seen(/reads the keys/);
    program.process.kill('SIGTERM');
    await program.seen(/cut short/);
    expect(await program.exited).toBe(1);
  });

  it('reads workspaces from a file, and names what is wrong with one', async () => {
    const file = join(folder, 'workspaces.json');
    await writeFile(file, '[{"workspace_id": "shop", "provider_type": "web_js"}]');
    await using good = runProgram('main.ts', env({ BLAZZ_WORKSPACES_FILE: file }));
    const url = (await good.seen(address))[1] as string;
    const key = JSON.parse(await readFile(join(folder, 'data', 'keys.json'), 'utf8')).keys[0];
    const { json } = await call(url, { path: '/internal/session/shop/status', key });
    expect(json.data).toMatchObject({ session_id: 'session_shop', state: 'stopped' });
    await writeFile(file, '[{"workspace_id": "a b", "provider_type": "web_js"}]');
    const elsewhere = { BLAZZ_WORKSPACES_FILE: file, BLAZZ_DATA_DIR: join(folder, 'other') };
    const bad = runProgram('main.ts', env(elsewhere));
    expect(await bad.exited).toBe(2);
    expect(bad.errors).toContain('workspace_id must be');
  });

  it('stops in order when an error was handled by nobody, logs it clean, and exits with 1', async () => {
    const fault = `process.on('SIGUSR2', () => Promise.reject(new Error('no 4915112345678')))`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(fault)}`;
    await using program = runProgram('main.ts', env({ NODE_OPTIONS: preload }));
    await program.seen(address);
    program.process.kill('SIGUSR2');
    expect(await program.exited).toBe(1);
    expect(program.output).toContain('handled by nobody');
    expect(program.output).toContain('"msg":"stopped"');
    expect(program.output + program.errors).not.toContain('4915112345678');
  });

  it('exits at once on a second signal', async () => {
    await using program = runProgram('main.ts', env());
    await program.seen(address);
    program.process.kill('SIGINT');
    program.process.kill('SIGINT');
    expect([0, 130]).toContain(await program.exited);
  });
});
