import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** An instance with a linked, scripted session of workspace `shop`, and what a client needs to know of it. */
async function startShop(
  world: ScriptedWhatsApp,
): Promise<AsyncDisposable & { readonly env: Record<string, string> }> {
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
  const env = {
    BLAZZ_URL: server.address ?? '',
    BLAZZ_KEY_ID: 'shop-app',
    BLAZZ_KEY_SECRET: secret,
  };
  return {
    env,
    async [Symbol.asyncDispose]() {
      server.drain();
      await gateway.stop();
      await server.stop();
    },
  };
}

it('send-and-follow sends and follows', async () => {
  const world = new ScriptedWhatsApp({ receipts: { deliveredMs: 300, readMs: 600 } });
  await using shop = await startShop(world);
  const printed = await run('send-and-follow.ts', ['shop', '6281200000002', 'hello'], shop.env);
  expect(printed).toMatch(/^msg_\S+ sent$/m);
  expect(printed).toMatch(/(now|so far): read/);
  expect(world.effects).toHaveLength(1);
});

it('auto-reply answers a customer of the Cloud API from a table', async () => {
  const printed = await run('auto-reply.ts', ['--simulated'], {});
  expect(printed.trim().split('\n')).toEqual(['reply sent', 'reply delivered', 'reply read']);
});

it('ai-reply asks a model and sends what it says', async () => {
  const asked: unknown[] = [];
  const model = createHttpServer((request, answer) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(JSON.parse(body));
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ choices: [{ message: { content: 'It is on its way.' } }] }));
    });
  }).listen(0, '127.0.0.1');
  await once(model, 'listening');
  const { port } = model.address() as AddressInfo;
  const world = new ScriptedWhatsApp({ receipts: {} });
  await using shop = await startShop(world);
  const customer = setInterval(() => {
    world.account('shop', 'session_shop').deliverText('6281200000002', 'Where is my order?');
  }, 500);
  const printed = await run('ai-reply.ts', ['shop', '--once'], {
    ...shop.env,
    AI_URL: `http://127.0.0.1:${port}/v1`,
    AI_KEY: 'none',
    AI_MODEL: 'any',
  }).finally(() => clearInterval(customer));
  expect(printed).toMatch(/answered evt_/);
  expect(asked[0]).toMatchObject({
    model: 'any',
    messages: [{ role: 'system' }, { role: 'user', content: 'Where is my order?' }],
  });
  expect(world.effects[0]?.content).toEqual({ type: 'text', text: { body: 'It is on its way.' } });
  model.close();
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
