import { GatewayError, MemoryStore } from '@blazz/core';
import { type GatewayServer, type Route, scopes } from '@blazz/server';
import { ManualClock } from '@blazz/simulator/clock';
import { FormatRegistry } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerRoute } from '../../src/http/register-route';
import type { TestAnswer, TestKey } from '../support/call';
import { type Instance, startInstance } from '../support/instance';

FormatRegistry.Set('date-time', (text) => new Date(text).toJSON() === text);

/** What each caller is owed. A route that is not listed here fails the walk. */
interface Expectation {
  /** The path with its variable parts filled in, for things of workspace `own`. */
  readonly path?: string;
  readonly body?: object;
  /** What the own key gets. */
  readonly own: number;
  /** What the key of another workspace gets. 404 exactly like something that does not exist. */
  readonly foreign: number;
  /** The same call for something that does not exist. */
  readonly missing?: { readonly path?: string; readonly body?: object };
}

const session = (verb: string, own = 200): Expectation => ({
  path: `/internal/session/session_own/${verb}`,
  own,
  foreign: 404,
  missing: { path: `/internal/session/session_nobody/${verb}` },
});
const message = { to: '4915112345678', type: 'text', text: { body: 'x' } };
const incoming = {
  provider_message_id: 'wamid.1',
  from: { phone: '4915112345678' },
  type: 'text',
  text: { body: 'hello' },
};
const template = { to: '4915112345678', template: { name: 'a', language: { code: 'en' } } };

const webhook = (verb: string, own: number): Record<string, Expectation> => ({
  [`POST /internal/webhooks/:id/${verb}`]: {
    path: `/internal/webhooks/ENDPOINT/${verb}`,
    body: { workspace_id: 'own' },
    own,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody' } },
  },
});

/** Open to anybody, as far as it goes: what a platform posts has a proof of its own. */
interface OpenExpectation {
  readonly path: string;
  readonly body?: object;
  readonly anybody: number;
}

const nobodyPosts: OpenExpectation = { path: '/webhook/whatsapp/nobody', anybody: 404 };

const expectations: Readonly<Record<string, Expectation | OpenExpectation | 'public'>> = {
  'POST /internal/send-message': {
    body: { workspace_id: 'own', ...message },
    own: 200,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', ...message } },
  },
  'POST /internal/send-template': {
    body: { workspace_id: 'own', ...template },
    own: 200,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', ...template } },
  },
  'POST /internal/session/:id/typing': {
    ...session('typing'),
    body: { to: '4915112345678', state: 'typing' },
  },
  'POST /internal/session/:id/read': { ...session('read'), body: { chat_id: '4915112345678' } },
  'GET /internal/session/:id/media/:media_id': session('media/none', 422),
  // The scripted provider uploads nothing, and has neither templates nor a block list.
  'POST /internal/session/:id/media': {
    ...session('media', 409),
    body: { data: 'aGVsbG8=', mime_type: 'text/plain' },
  },
  'GET /internal/session/:id/templates': session('templates', 409),
  'POST /internal/session/:id/templates': {
    ...session('templates', 409),
    body: {
      name: 'sale',
      language: 'en_US',
      category: 'MARKETING',
      components: [{ type: 'BODY', text: 'Now' }],
    },
  },
  'POST /internal/session/:id/templates/:template_id': {
    ...session('templates/12', 409),
    body: { category: 'UTILITY' },
  },
  'DELETE /internal/session/:id/templates': session('templates?name=sale', 409),
  // Nor is it at home on a platform with numbers to register.
  'POST /internal/session/:id/request-code': {
    ...session('request-code', 409),
    body: { method: 'sms', language: 'en_US' },
  },
  'POST /internal/session/:id/verify-code': {
    ...session('verify-code', 409),
    body: { code: '123-456' },
  },
  'POST /internal/session/:id/register': { ...session('register', 409), body: { pin: '123456' } },
  'POST /internal/session/:id/pin': { ...session('pin', 409), body: { pin: '123456' } },
  'POST /internal/session/:id/deregister': session('deregister', 409),
  'GET /internal/session/:id/profile': session('profile', 409),
  'POST /internal/session/:id/profile': { ...session('profile', 409), body: { about: 'Toko' } },
  'GET /internal/session/:id/blocked': session('blocked', 409),
  'POST /internal/session/:id/blocked': {
    ...session('blocked', 409),
    body: { to: '4915112345678', blocked: true },
  },
  'GET /internal/sessions': { own: 200, foreign: 200 },
  'GET /internal/session/:id/status': session('status'),
  // Linked already.
  'POST /internal/session/:id/qr': session('qr', 409),
  'POST /internal/session/:id/pairing-code': {
    ...session('pairing-code', 409),
    body: { phone: '4915112345678' },
  },
  'POST /internal/session/:id/reconnect': session('reconnect'),
  'POST /internal/session/:id/stop': session('stop'),
  'POST /internal/session/:id/logout': session('logout'),
  'GET /internal/messages/:id': {
    path: '/internal/messages/MESSAGE?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/messages/MESSAGE?workspace_id=nobody' },
  },
  // Sent already: there is nothing to decide.
  'POST /internal/messages/:id/decision': {
    path: '/internal/messages/MESSAGE/decision',
    body: { workspace_id: 'own', decision: 'retry' },
    own: 409,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', decision: 'retry' } },
  },
  'GET /internal/messages': {
    path: '/internal/messages?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/messages?workspace_id=nobody' },
  },
  'GET /internal/events': {
    path: '/internal/events?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/events?workspace_id=nobody' },
  },
  'GET /internal/consumers': {
    path: '/internal/consumers?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/consumers?workspace_id=nobody' },
  },
  'DELETE /internal/consumers/:id': {
    path: '/internal/consumers/nobody?workspace_id=own',
    own: 404,
    foreign: 404,
  },
  'POST /internal/ws-tickets': { body: { workspace_id: 'own' }, own: 201, foreign: 404 },
  'GET /internal/workspaces': { own: 200, foreign: 200 },
  'GET /internal/workspaces/:id': {
    path: '/internal/workspaces/own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/workspaces/nobody' },
  },
  // It comes from code.
  'PUT /internal/workspaces/:id': {
    path: '/internal/workspaces/own',
    body: { provider_type: 'scripted' },
    own: 409,
    foreign: 404,
  },
  'DELETE /internal/workspaces/:id': {
    path: '/internal/workspaces/own',
    own: 409,
    foreign: 404,
    missing: { path: '/internal/workspaces/nobody' },
  },
  'POST /internal/provider/switch': {
    body: { workspace_id: 'own', provider_type: 'scripted' },
    own: 200,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', provider_type: 'scripted' } },
  },
  'GET /webhook/whatsapp/:identifier': nobodyPosts,
  'POST /webhook/whatsapp/:identifier': { ...nobodyPosts, body: {} },
  'POST /internal/incoming-message': {
    body: { workspace_id: 'own', message: incoming },
    own: 202,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', message: incoming } },
  },
  'GET /internal/intake': {
    path: '/internal/intake?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/intake?workspace_id=nobody' },
  },
  // Nothing is set aside.
  'POST /internal/intake/:id/release': {
    path: '/internal/intake/in_none/release',
    body: { workspace_id: 'own' },
    own: 404,
    foreign: 404,
  },
  'DELETE /internal/intake/:id': {
    path: '/internal/intake/in_none?workspace_id=own',
    own: 404,
    foreign: 404,
  },
  // No workspace's: neither key covers every workspace.
  'GET /internal/intake/unclaimed': { own: 403, foreign: 403 },
  'POST /internal/intake/unclaimed/:id/release': {
    path: '/internal/intake/unclaimed/in_none/release',
    body: { workspace_id: 'own' },
    own: 403,
    foreign: 403,
  },
  'DELETE /internal/intake/unclaimed/:id': {
    path: '/internal/intake/unclaimed/in_none',
    own: 403,
    foreign: 403,
  },
  'GET /internal/webhooks': {
    path: '/internal/webhooks?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/webhooks?workspace_id=nobody' },
  },
  // Not a public address.
  'POST /internal/webhooks': {
    body: { workspace_id: 'own', url: 'https://10.0.0.1/' },
    own: 422,
    foreign: 404,
    missing: { body: { workspace_id: 'nobody', url: 'https://10.0.0.1/' } },
  },
  'DELETE /internal/webhooks/:id': {
    path: '/internal/webhooks/whe_none?workspace_id=own',
    own: 404,
    foreign: 404,
  },
  'GET /internal/webhooks/:id/deliveries': {
    path: '/internal/webhooks/ENDPOINT/deliveries?workspace_id=own',
    own: 200,
    foreign: 404,
    missing: { path: '/internal/webhooks/ENDPOINT/deliveries?workspace_id=nobody' },
  },
  ...webhook('replay', 200),
  ...webhook('test', 200),
  ...webhook('rotate', 200),
  ...webhook('enable', 200),
  'GET /health': 'public',
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /metrics': { own: 200, foreign: 200 },
  'GET /openapi.json': 'public',
};

describe('every route', () => {
  let instance: Instance;
  let messageId = '';
  let endpointId = '';
  beforeAll(async () => {
    instance = await startInstance();
    await instance.link();
    const sent = await instance.call({
      method: 'POST',
      path: '/internal/send-message',
      key: instance.keys.own,
      body: { workspace_id: 'own', ...message },
    });
    messageId = sent.json.data.message_id;
    const added = await instance.call({
      method: 'POST',
      path: '/internal/webhooks',
      key: instance.keys.own,
      body: { workspace_id: 'own', url: 'http://127.0.0.1:9/' },
    });
    endpointId = added.json.data.endpoint_id;
  });
  afterAll(() => instance[Symbol.asyncDispose]());

  const name = (route: Pick<Route, 'method' | 'path'>) => `${route.method} ${route.path}`;
  const ask = (
    route: Route,
    key: TestKey | undefined,
    { path = route.path, body }: { path?: string; body?: object },
  ): Promise<TestAnswer> =>
    instance.call({
      method: route.method,
      path: path.replace('MESSAGE', messageId).replace('ENDPOINT', endpointId),
      key,
      ...(body === undefined ? {} : { body }),
    });

  it('has a declared expectation, and every expectation a route', () => {
    expect(instance.server.routes.map(name).sort()).toEqual(Object.keys(expectations).sort());
  });

  it('answers strangers with 401, others like something missing, and its owner', async () => {
    for (const route of instance.server.routes) {
      const expected = expectations[name(route)];
      if (expected === 'public' || expected === undefined) {
        expect((await ask(route, undefined, {})).status, name(route)).toBe(200);
        continue;
      }
      if ('anybody' in expected) {
        const answer = await ask(route, undefined, expected);
        expect(answer.status, name(route)).toBe(expected.anybody);
        continue;
      }
      const stranger = await ask(route, undefined, expected);
      expect(stranger.status, `${name(route)} without a key`).toBe(401);
      expect(stranger.json.error.code).toBe('signature_invalid');

      const foreign = await ask(route, instance.keys.other, expected);
      expect(foreign.status, `${name(route)} with a foreign key`).toBe(expected.foreign);
      expect(foreign.text).not.toContain('session_own');
      if (expected.foreign === 404) expect(foreign.json.error.code).toBe('not_found');
      if (expected.missing !== undefined) {
        const missing = await ask(route, instance.keys.root, { ...expected, ...expected.missing });
        expect(missing.json, `${name(route)} for nothing`).toEqual(foreign.json);
      }
    }
    for (const route of instance.server.routes) {
      const expected = expectations[name(route)];
      if (expected === 'public' || expected === undefined || 'anybody' in expected) continue;
      const own = await ask(route, instance.keys.own, expected);
      expect(own.status, `${name(route)} with its own key: ${own.text}`).toBe(expected.own);
      const schema = route.answers[own.status];
      if (schema === undefined || own.json === undefined) continue;
      const checker = TypeCompiler.Compile(schema);
      const data = route.bare === true ? own.json : own.json.data;
      expect(
        [...checker.Errors(data)].map((error) => error.path),
        `${name(route)} keeps its schema`,
      ).toEqual([]);
    }
  });

  it('refuses a key without the scope: 403', async () => {
    for (const route of instance.server.routes) {
      const expected = expectations[name(route)];
      if (expected === 'public' || expected === undefined || route.grant.kind === 'public')
        continue;
      const { scope } = route.grant;
      const key = instance.addKey(
        `without-${scope}-${Math.random().toString(36).slice(2)}`,
        scopes.filter((each) => each !== scope),
        ['own'],
      );
      const answer = await ask(route, key, expected);
      expect(answer.status, name(route)).toBe(403);
      expect(answer.json.error).toMatchObject({ code: 'forbidden', details: { scope } });
    }
  });

  it('is described at /openapi.json, and nothing else is', async () => {
    const { json } = await instance.call({ path: '/openapi.json' });
    const described = Object.entries(json.paths as Record<string, object>)
      .flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        ),
      )
      .filter((each) => !each.startsWith('HEAD'));
    expect(described.sort()).toEqual(Object.keys(expectations).sort());
    const send = json.paths['/internal/send-message'].post.requestBody.content['application/json'];
    expect(JSON.stringify(send.schema)).toContain('preview_url');
    expect((await instance.call({ path: '/docs/' })).status).toBe(200);
  });

  it('cannot be registered without a grant', () => {
    const route = { method: 'GET', path: '/open', summary: 'x', answers: {}, handle: () => ({}) };
    const wiring = {} as Parameters<typeof registerRoute>[2];
    expect(() => registerRoute(fastify(), route as unknown as Route, wiring)).toThrow(
      'GET /open has no grant',
    );
  });

  it('manages workspaces over the API', async () => {
    const put = (provider_type: string) =>
      instance.call({
        method: 'PUT',
        path: '/internal/workspaces/new',
        key: instance.keys.root,
        body: { provider_type, sessions: [{ session_id: 'new-1' }, { session_id: 'new-2' }] },
      });
    expect((await put('scripted')).status).toBe(201);
    expect((await put('scripted')).status).toBe(200);
    const read = () => instance.call({ path: '/internal/workspaces/new', key: instance.keys.root });
    expect((await read()).json.data.sessions).toEqual([
      { session_id: 'new-1' },
      { session_id: 'new-2' },
    ]);
    const status = await instance.call({
      path: '/internal/session/new/status',
      key: instance.keys.root,
    });
    expect(status.json.data).toMatchObject({ session_id: 'new-1', state: 'stopped' });
    const gone = await instance.call({
      method: 'DELETE',
      path: '/internal/workspaces/new',
      key: instance.keys.root,
    });
    expect(gone.json.data).toEqual({ workspace_id: 'new', deleted: true });
    expect((await read()).status).toBe(404);
  });

  it('pairs by QR and by code', async () => {
    const qr = await instance.call({
      method: 'POST',
      path: '/internal/session/other/qr',
      key: instance.keys.other,
    });
    expect(qr.status).toBe(200);
    expect(qr.json.data.qr).toBe(instance.world.account('other', 'session_other').qr);
    expect(qr.json.data.qr_image).toMatch(/^data:image\/png;base64,/);
    expect(Date.parse(qr.json.data.expires_at)).toBeGreaterThan(Date.now());
    const code = await instance.call({
      method: 'POST',
      path: '/internal/session/other/pairing-code',
      key: instance.keys.other,
      body: { phone: '+49 151 12345678' },
    });
    expect(code.json.data.code).toMatch(/^\w{8}$/);
  });

  it('lists only what the key covers', async () => {
    const sessions = await instance.call({ path: '/internal/sessions', key: instance.keys.own });
    const ids = sessions.json.data.map((each: { workspace_id: string }) => each.workspace_id);
    expect(new Set(ids)).toEqual(new Set(['own']));
    const workspaces = await instance.call({
      path: '/internal/workspaces',
      key: instance.keys.other,
    });
    expect(workspaces.json.data.map((each: { workspace_id: string }) => each.workspace_id)).toEqual(
      ['other'],
    );
  });
});

describe('static bearer tokens', () => {
  it('work where they were given, with their scopes only', async () => {
    const all = 'f3a91c07be6d4825a1c4d09e8b7f6a52';
    const metrics = '0d9e8b7f6a52f3a91c07be6d4825a1c4';
    await using instance = await startInstance({
      server: {
        bearers: [
          { id: 'all', token: all, scopes, workspaces: '*' },
          { id: 'metrics', token: metrics, scopes: ['metrics'], workspaces: [] },
        ],
      },
    });
    const get = async (path: string, bearer: string) =>
      (await instance.call({ path, bearer })).status;
    expect(await get('/internal/session/own/status', all)).toBe(200);
    expect(await get('/metrics', metrics)).toBe(200);
    expect(await get('/internal/session/own/status', metrics)).toBe(403);
    expect(await get('/metrics', `${metrics}x`)).toBe(401);
    const text = (await instance.call({ path: '/metrics', bearer: metrics })).text;
    expect(text).toContain(
      'blazz_http_requests_total{method="GET",route="/internal/session/:id/status",status="200"} 1',
    );
    expect(text).not.toContain('session_own');
  });

  it('are refused where none was given', async () => {
    await using instance = await startInstance();
    const answer = await instance.call({ path: '/internal/sessions', bearer: 'x'.repeat(40) });
    expect(answer.status).toBe(401);
  });
});

it('drains: readiness goes off, keyed requests get 503, waiting sends are answered', async () => {
  await using instance = await startInstance();
  const server: GatewayServer = instance.server;
  const waiting = instance.call({
    method: 'POST',
    path: '/internal/send-message',
    key: instance.keys.own,
    headers: { prefer: 'wait=60' },
    body: { workspace_id: 'own', ...message },
  });
  await expect
    .poll(async () => (await instance.gateway.workspace('own').messages({ limit: 1 })).length, {
      timeout: 10_000,
    })
    .toBe(1);
  server.drain();
  const answer = await waiting;
  expect([answer.status, answer.json.data.status]).toEqual([202, 'queued']);
  expect((await instance.call({ path: '/health/ready' })).status).toBe(503);
  expect((await instance.call({ path: '/health/live' })).status).toBe(200);
  expect((await instance.call({ path: '/health' })).json.status).toBe('stopping');
  const refused = await instance.call({ path: '/internal/sessions', key: instance.keys.own });
  expect(refused.status).toBe(503);
  expect(refused.json.error.code).toBe('shutting_down');
  expect(refused.headers['retry-after']).toBe('1');
});

it('is not ready while its store refuses', async () => {
  const store = new MemoryStore();
  await using instance = await startInstance({ gateway: { store } });
  const ready = async (): Promise<unknown> => {
    const { status, json } = await instance.call({ path: '/health/ready' });
    return [status, json.status];
  };
  expect(await ready()).toEqual([200, 'ok']);
  const { get } = store.leases;
  store.leases.get = () =>
    Promise.reject(new GatewayError('store_unavailable', 'The disk failed.'));
  expect(await ready()).toEqual([503, 'store_unavailable']);
  store.leases.get = get;
  expect(await ready()).toEqual([200, 'ok']);
});

it('is not ready while its store does not answer, and says so before monitors give up', async () => {
  const store = new MemoryStore();
  const clock = new ManualClock();
  await using instance = await startInstance({ gateway: { store }, server: { clock } });
  const asked = new Promise<void>((resolve) => {
    store.leases.get = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const answer = instance.call({ path: '/health/ready' });
  await asked;
  await clock.advance(900);
  expect((await answer).status).toBe(503);
});
