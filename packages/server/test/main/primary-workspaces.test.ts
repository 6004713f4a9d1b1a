import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Gateway,
  GatewayError,
  MemoryStore,
  parseWorkspaceConfig,
  type Store,
  silentLogger,
  type WorkspaceConfig,
  type WorkspaceStore,
} from '@blazz/core';
import { generateSecret, KeyRing, ReplayGuard, Verifier } from '@blazz/core/signing';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { sqliteStore } from '@blazz/storage/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { primaryWorkspaces } from '../../src/main/primary-workspaces';

const key = { keyId: 'local', secret: generateSecret() };
let url = '';
let answer: { status: number; body: string };
let asked: IncomingMessage[];
/** How many bytes of an answer without an end were taken. */
let taken = 0;
const server = createServer((request, response) => {
  asked.push(request);
  if (answer.body === 'endless') {
    const { socket } = response;
    const more = (): void => {
      taken = socket?.bytesWritten ?? 0;
      if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
    };
    response.on('error', () => undefined);
    return more();
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
beforeEach(async () => {
  asked = [];
  copies = new MemoryStore().workspaces;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const clock = new ManualClock({ now: Date.now() });
const time = { clock, random: () => 0.5 };
let copies: WorkspaceStore;
const check = (config: WorkspaceConfig): void => {
  if (config.provider_type === 'unheard_of') throw new GatewayError('invalid_config', 'No such.');
};
const source = () =>
  primaryWorkspaces({ url, key, token: 'a-token', copies, check, ...time, logger: silentLogger });

it('asks the application with a signed request, and keeps the answer for a while', async () => {
  answer = { status: 200, body: '{"data": {"workspace_id": 1, "provider_type": "web_js"}}' };
  const workspaces = source();
  const [config] = await Promise.all([workspaces.get('ws_1'), workspaces.get('ws_1')]);
  expect(config).toMatchObject({ workspace_id: 'ws_1', provider_type: 'web_js' });
  await workspaces.get('ws_1');
  expect(asked).toHaveLength(1);
  const [request] = asked;
  expect(request?.url).toBe('/api/internal/workspace/ws_1/config');
  expect(request?.headers.authorization).toBe('Bearer a-token');
  const verifier = new Verifier({
    keys: new KeyRing([{ id: key.keyId, secret: key.secret, scopes: [], workspaces: '*' }]),
    replayGuard: new ReplayGuard(new MemoryStore().nonces),
  });
  const verification = await verifier.verify({
    method: 'GET',
    authority: request?.headers.host,
    rawTarget: request?.url ?? '',
    headers: request?.rawHeaders ?? [],
    now: clock.now(),
    body: new Uint8Array(),
  });
  expect(verification.ok).toBe(true);
  expect(await workspaces.list()).toHaveLength(1);
});

it('knows no workspace that the application does not know', async () => {
  answer = { status: 404, body: '{}' };
  expect(await source().get('ws_1')).toBeUndefined();
});

it('goes on with what it knows while the application is down, and says so when it knows nothing', async () => {
  answer = { status: 200, body: '{"provider_type": "web_js"}' };
  const workspaces = source();
  await workspaces.get('ws_1');
  answer = { status: 500, body: 'oops' };
  await clock.advance(60_000);
  expect(await workspaces.get('ws_1')).toMatchObject({ workspace_id: 'ws_1' });
  await expect.poll(() => asked.length).toBe(2);
  await expect(workspaces.get('ws_2')).rejects.toMatchObject({ code: 'store_unavailable' });
});

it('reads an answer without an end no further than it has to', async () => {
  answer = { status: 200, body: 'endless' };
  const workspaces = source();
  await expect(workspaces.get('ws_1')).rejects.toMatchObject({
    code: 'store_unavailable',
    cause: { code: 'bad_response' },
  });
  expect(taken).toBeLessThan(32 * 1024 * 1024);
  // It is there all the same: others are asked for.
  answer = { status: 200, body: '{"provider_type": "web_js"}' };
  expect(await workspaces.get('ws_2')).toMatchObject({ workspace_id: 'ws_2' });
});

/** A gateway over a store, with the application's workspaces and a scripted WhatsApp. */
function gateway(store: Store, world: ScriptedWhatsApp): Gateway {
  const workspaces = primaryWorkspaces({
    url,
    key,
    token: undefined,
    copies: store.workspaces,
    check,
    ...time,
    logger: silentLogger,
  });
  return new Gateway({ store, providers: [scriptedProvider({ world })], workspaces, clock });
}
/** Lets time pass, and uses the workspace, until the application was asked for it once more. */
async function askedAgain(of: Gateway): Promise<void> {
  for (const before = asked.length; asked.length === before; ) {
    await clock.advance(31_000);
    await of.workspace('ws_1').config();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const stateOf = (of: Gateway): string | undefined => of.sessions.list()[0]?.state;

it('starts sessions once their workspace is known, and the next process does so by itself, also while the application is down', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blazz-primary-'));
  const world = new ScriptedWhatsApp();
  world.account('ws_1', 'session_ws_1').link();
  answer = { status: 200, body: '{"provider_type": "scripted"}' };
  for (const isDown of [false, true]) {
    const under = gateway(sqliteStore({ path: join(folder, 'blazz.db') }), world);
    await under.start();
    if (isDown) server.close();
    else await under.workspace('ws_1').config();
    await expect.poll(() => stateOf(under)).toBe('ready');
    answer = { status: 500, body: '' };
    await clock.advance(31_000);
    expect(await under.workspace('ws_1').config()).toMatchObject({ provider_type: 'scripted' });
    // The disk takes its own time.
    await Promise.all([under.stop(), clock.advance(1_000)]);
  }
  rmSync(folder, { recursive: true });
});

it('puts into force what was changed there, and stops what was removed', async () => {
  const world = new ScriptedWhatsApp();
  world.account('ws_1', 'session_ws_1').link();
  world.account('ws_1', 'other').link();
  answer = { status: 200, body: '{"provider_type": "scripted"}' };
  const under = gateway(new MemoryStore(), world);
  await under.start();
  await under.workspace('ws_1').config();
  await expect.poll(() => stateOf(under)).toBe('ready');
  const first = under.sessions.list()[0];
  await askedAgain(under);
  expect(under.sessions.list()).toEqual([first]);
  answer = { status: 200, body: '{"provider_type": "scripted", "sessions": ["other"]}' };
  await askedAgain(under);
  // Nobody waits for the answer: what comes of it is put into force as soon as it is there.
  await expect.poll(() => under.sessions.list().map(({ id }) => id)).toEqual(['other']);
  await expect.poll(() => stateOf(under)).toBe('ready');
  expect(world.account('ws_1', 'session_ws_1').online).toBe(false);
  answer = { status: 404, body: '{}' };
  await askedAgain(under);
  expect(world.account('ws_1', 'other').online).toBe(true);
  await askedAgain(under);
  await expect.poll(() => under.sessions.list()).toEqual([]);
  await expect(under.workspace('ws_1').config()).rejects.toMatchObject({ code: 'not_found' });
  expect(world.account('ws_1', 'other').online).toBe(false);
  expect(await under.store.workspaces.copies()).toEqual([]);
  await clock.play(under.stop());
});

it('goes on with what it knows when an answer cannot run, or says once that there is no such workspace', async () => {
  const world = new ScriptedWhatsApp();
  world.account('ws_1', 'session_ws_1').link();
  const good = { status: 200, body: '{"provider_type": "scripted"}' };
  answer = good;
  const under = gateway(new MemoryStore(), world);
  await under.start();
  await under.workspace('ws_1').config();
  await expect.poll(() => stateOf(under)).toBe('ready');
  const [session] = under.sessions.list();
  answer = { status: 200, body: '{"provider_type": "unheard_of"}' };
  await askedAgain(under);
  expect(await under.workspace('ws_1').config()).toMatchObject({ provider_type: 'scripted' });
  answer = { status: 404, body: '<html>nginx</html>' };
  await askedAgain(under);
  expect(await under.workspace('ws_1').config()).toMatchObject({ provider_type: 'scripted' });
  answer = good;
  await askedAgain(under);
  expect(under.sessions.list()).toEqual([session]);
  expect(stateOf(under)).toBe('ready');
  expect(await under.store.workspaces.copies()).toMatchObject([{ provider_type: 'scripted' }]);
  await clock.play(under.stop());
});

it('keeps no workspace that is managed over the API from running while the application is down', async () => {
  const world = new ScriptedWhatsApp();
  world.account('own', 'session_own').link();
  const store = new MemoryStore();
  await store.workspaces.put(
    parseWorkspaceConfig({ workspace_id: 'own', provider_type: 'scripted' }),
  );
  answer = { status: 500, body: '' };
  const under = gateway(store, world);
  await under.start();
  await expect.poll(() => stateOf(under)).toBe('ready');
  expect(await under.workspace('own').config()).toMatchObject({ provider_type: 'scripted' });
  await expect(under.workspace('ws_2').config()).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  await clock.play(under.stop());
});
