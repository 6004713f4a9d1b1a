import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryStore, silentLogger } from '@blazz/core';
import { generateSecret, KeyRing, ReplayGuard, Verifier } from '@blazz/core/signing';
import { ManualClock } from '@blazz/simulator/clock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { primaryWorkspaces } from '../../src/main/primary-workspaces';

const key = { keyId: 'local', secret: generateSecret() };
let url = '';
let answer: { status: number; body: string };
let asked: IncomingMessage[];
const server = createServer((request, response) => {
  asked.push(request);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
beforeEach(async () => {
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const clock = new ManualClock({ now: Date.now() });
const source = () => primaryWorkspaces({ url, key, token: 'a-token', clock, logger: silentLogger });

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
  expect(asked).toHaveLength(2);
  await expect(workspaces.get('ws_2')).rejects.toMatchObject({ code: 'store_unavailable' });
});
