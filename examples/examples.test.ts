import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Gateway, MemoryStore, staticWorkspaces } from '@blazz/core';
import { generateSecret, KeyRing, parseWebhookSecret, signWebhook } from '@blazz/core/signing';
import { createServer } from '@blazz/server';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs an example as a user would, and gives what it printed. */
async function run(name: string, args: string[], env: Record<string, string>): Promise<string> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join('examples', name), ...args],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code, printed).toBe(0);
  return printed;
}

it('echo-bot answers a customer and sees the answer read', async () => {
  const sessions = mkdtempSync(join(tmpdir(), 'blazz-echo-'));
  const printed = await run('echo-bot.ts', ['--simulated'], { SESSIONS_DIR: sessions });
  rmSync(sessions, { recursive: true, force: true });
  const told = printed.split('\n').filter((line) => /^(session|answer)/.test(line));
  expect(told.join('; ')).toMatch(
    /session ready; answered .*; answer sent; answer delivered; answer read/,
  );
});

it('send-and-follow sends and follows', async () => {
  const world = new ScriptedWhatsApp({ receipts: { deliveredMs: 300, readMs: 600 } });
  world.account('shop', 'session_shop').link();
  const secret = generateSecret();
  const gateway = new Gateway({
    store: new MemoryStore(),
    providers: [scriptedProvider({ world })],
    workspaces: staticWorkspaces([{ workspace_id: 'shop', provider_type: 'scripted' }]),
  });
  const keys = new KeyRing([
    { id: 'shop-app', secret, scopes: ['send', 'events'], workspaces: ['shop'] },
  ]);
  const server = createServer({ gateway, keys, port: 0 });
  await gateway.start();
  await server.start();
  const printed = await run('send-and-follow.ts', ['shop', '6281200000002', 'hello'], {
    BLAZZ_URL: server.address ?? '',
    BLAZZ_KEY_ID: 'shop-app',
    BLAZZ_KEY_SECRET: secret,
  });
  expect(printed).toMatch(/^msg_\S+ sent$/m);
  expect(printed).toMatch(/(now|so far): read/);
  expect(world.effects).toHaveLength(1);
  server.drain();
  await gateway.stop();
  await server.stop();
});

it('webhook-receiver takes what is genuine, once', async () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join('examples', 'webhook-receiver.ts'), '0'],
    {
      cwd: root,
      env: { ...process.env, WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    let printed = '';
    const seen = (pattern: RegExp): Promise<string> =>
      new Promise((resolve) => {
        const look = (): void => {
          const match = pattern.exec(printed);
          if (match !== null) resolve(match[1] ?? '');
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const url = await seen(/listening on (\S+)/);
    const body = JSON.stringify({ id: 'evt_1', type: 'message.status', data: { status: 'sent' } });
    const timestamp = Math.floor(Date.now() / 1000);
    const keys = [parseWebhookSecret(secret)];
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook({ id: 'evt_1', timestamp, body, keys }),
    };
    const post = async (text: string) =>
      (await fetch(url, { method: 'POST', headers, body: text })).status;
    expect([await post(body), await post(body), await post(`${body} `)]).toEqual([204, 204, 401]);
    await seen(/(message\.status)/);
    expect(printed.match(/message\.status/g)).toHaveLength(1);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});
