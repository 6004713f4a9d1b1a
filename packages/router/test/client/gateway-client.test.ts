import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { type Clock, type GatewayError, isGatewayError, systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import { GatewayClient, type GatewayClientOptions } from '@blazz/router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, Instance, secret, success } from '../instance';

let instance: Instance;
const clients: GatewayClient[] = [];

function client(options: Partial<GatewayClientOptions> = {}): GatewayClient {
  const made = new GatewayClient({
    baseUrl: options.baseUrl ?? instance.baseUrl,
    key: { id: 'app', secret },
    backoffMs: 1,
    ...options,
  });
  clients.push(made);
  return made;
}

async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isGatewayError(error)) throw new Error(`no GatewayError: ${String(error)}`);
  return error;
}

const text = {
  workspace_id: 'w1',
  to: '15550001111',
  type: 'text',
  text: { body: 'grüße' },
} as const;
const newTemplate = {
  name: 'sale',
  language: 'en_US',
  category: 'MARKETING',
  components: [{ type: 'BODY', text: 'Now' }],
};
const sent = {
  message_id: 'msg_1',
  workspace_id: 'w1',
  session_id: 's1',
  status: 'sent',
  provider: 'web_js',
  provider_message_id: 'true_1@c.us_3EB0',
};
const keysOf = (): unknown[] => instance.arrived.map(({ headers }) => headers['idempotency-key']);

beforeEach(async () => {
  instance = await new Instance().start();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((made) => made.close()));
  await instance[Symbol.asyncDispose]();
});

describe('routes', () => {
  const any = success({ ok: 1 });
  /** Those whose answer says no more than that it was done. */
  const silent = new Set([
    'templates.edit',
    'templates.delete',
    ...['requestCode', 'verifyCode', 'register', 'setPin', 'deregister', 'updateProfile'].map(
      (name) => `number.${name}`,
    ),
  ]);
  it.each<[string, (made: GatewayClient) => Promise<unknown>, string, string]>([
    ['sessionStatus', (c) => c.sessionStatus('s1'), 'GET /internal/session/s1/status', ''],
    ['qr', (c) => c.qr('s1'), 'POST /internal/session/s1/qr', ''],
    [
      'pairingCode',
      (c) => c.pairingCode('s1', '15550001111'),
      'POST /internal/session/s1/pairing-code',
      '{"phone":"15550001111"}',
    ],
    ['reconnect', (c) => c.reconnect('s1'), 'POST /internal/session/s1/reconnect', ''],
    ['stop', (c) => c.stop('s1'), 'POST /internal/session/s1/stop', ''],
    ['logout', (c) => c.logout('s1'), 'POST /internal/session/s1/logout', ''],
    [
      'templates.list',
      (c) => c.templates.list('s1', { after: 'MQ==', limit: 5 }),
      'GET /internal/session/s1/templates?after=MQ%3D%3D&limit=5',
      '',
    ],
    [
      'templates.create',
      (c) => c.templates.create('s1', newTemplate),
      'POST /internal/session/s1/templates',
      JSON.stringify(newTemplate),
    ],
    [
      'templates.edit',
      (c) => c.templates.edit('s1', '12', { category: 'UTILITY' }),
      'POST /internal/session/s1/templates/12',
      '{"category":"UTILITY"}',
    ],
    [
      'templates.delete',
      (c) => c.templates.delete('s1', { name: 'sale', template_id: '12' }),
      'DELETE /internal/session/s1/templates?name=sale&template_id=12',
      '',
    ],
    [
      'number.requestCode',
      (c) => c.number.requestCode('s1', { method: 'sms', language: 'en_US' }),
      'POST /internal/session/s1/request-code',
      '{"method":"sms","language":"en_US"}',
    ],
    [
      'number.verifyCode',
      (c) => c.number.verifyCode('s1', '123456'),
      'POST /internal/session/s1/verify-code',
      '{"code":"123456"}',
    ],
    [
      'number.register',
      (c) => c.number.register('s1', { pin: '123456' }),
      'POST /internal/session/s1/register',
      '{"pin":"123456"}',
    ],
    [
      'number.setPin',
      (c) => c.number.setPin('s1', '123456'),
      'POST /internal/session/s1/pin',
      '{"pin":"123456"}',
    ],
    [
      'number.deregister',
      (c) => c.number.deregister('s1'),
      'POST /internal/session/s1/deregister',
      '',
    ],
    [
      'number.profile of a member',
      (c) => c.number.profile('s1', { member: 'meta_api_2' }),
      'GET /internal/session/s1/profile?member=meta_api_2',
      '',
    ],
    [
      'templates.list of a member',
      (c) => c.templates.list('s1', { limit: 5 }, { member: 'meta_api_2' }),
      'GET /internal/session/s1/templates?limit=5&member=meta_api_2',
      '',
    ],
    ['number.profile', (c) => c.number.profile('s1'), 'GET /internal/session/s1/profile', ''],
    [
      'number.updateProfile',
      (c) => c.number.updateProfile('s1', { about: 'Toko' }),
      'POST /internal/session/s1/profile',
      '{"about":"Toko"}',
    ],
    ['message', (c) => c.message('msg_1', 7), 'GET /internal/messages/msg_1?workspace_id=7', ''],
    [
      'messages',
      (c) => c.messages({ workspace_id: 'w1', status: 'unknown', cursor: '70', limit: 5 }),
      'GET /internal/messages?workspace_id=w1&status=unknown&cursor=70&limit=5',
      '',
    ],
    [
      'events',
      (c) =>
        c.events({
          after: 9,
          limit: 100,
          types: ['message.status', 'session.state'],
          sessions: ['s1', 's2'],
        }),
      'GET /internal/events?after=9&limit=100&types=message.status%2Csession.state&sessions=s1%2Cs2',
      '',
    ],
    [
      'consumers',
      (c) => c.consumers({ workspace_id: 'w1', cursor: 'crm', limit: 5 }),
      'GET /internal/consumers?workspace_id=w1&cursor=crm&limit=5',
      '',
    ],
    ['sessions', (c) => c.sessions(), 'GET /internal/sessions', ''],
    ['wsTicket', (c) => c.wsTicket('w1'), 'POST /internal/ws-tickets', '{"workspace_id":"w1"}'],
    ['wsTicket for all', (c) => c.wsTicket(), 'POST /internal/ws-tickets', '{}'],
    ['an id that would climb', (c) => c.qr('../x?y'), 'POST /internal/session/..%2Fx%3Fy/qr', ''],
  ])('%s is signed and sent as %s', async (name, call, line, body) => {
    instance.reply = () => any;
    expect(await call(client())).toEqual(silent.has(name) ? undefined : { ok: 1 });
    expect(instance.arrived).toHaveLength(1);
    const [arrived] = instance.arrived;
    expect(`${arrived?.method} ${arrived?.target}`).toBe(line);
    expect(arrived).toMatchObject({ body, verdict: { keyId: 'app' } });
    expect(arrived?.headers['idempotency-key']).toBeUndefined();
  });

  it('health is asked without a signature, and an unwell instance is an answer', async () => {
    instance.reply = () => ({ status: 503, body: { status: 'draining' } });
    expect(await client().health()).toEqual({ status: 'draining' });
    expect(instance.arrived[0]?.headers.signature).toBeUndefined();
    expect(instance.arrived[0]?.target).toBe('/health');
  });
});

describe('send', () => {
  it('gives the outcome, and the key that it made', async () => {
    instance.reply = () => success(sent);
    const result = await client().send(text);
    expect(result).toEqual({
      ...sent,
      idempotency_key: expect.stringMatching(/^[A-Za-z0-9_-]{16,128}$/),
      replayed: false,
    });
    const [arrived] = instance.arrived;
    expect(arrived).toMatchObject({ method: 'POST', target: '/internal/send-message' });
    expect(arrived).toMatchObject({ verdict: { keyId: 'app' } });
    expect(JSON.parse(arrived?.body ?? '')).toEqual(text);
    expect(arrived?.headers['idempotency-key']).toBe(`"${result.idempotency_key}"`);
    expect(arrived?.headers.prefer).toBeUndefined();
  });

  it('takes the caller’s key and wait, and tells a replay', async () => {
    instance.reply = () => ({
      status: 202,
      headers: { 'idempotent-replayed': 'true' },
      body: { success: true, data: { ...sent, status: 'queued' } },
    });
    const options = { idempotencyKey: 'order-4711-confirmation', wait: 3 };
    const template = { name: 'hello', language: { code: 'en_US' } };
    const made = client();
    expect(
      await made.sendTemplate({ workspace_id: 1, to: '15550001111', template }, options),
    ).toMatchObject({
      status: 'queued',
      idempotency_key: 'order-4711-confirmation',
      replayed: true,
    });
    await made.send(text, { wait: 0 });
    expect(instance.arrived.map(({ target, headers }) => [target, headers.prefer])).toEqual([
      ['/internal/send-template', 'wait=3'],
      ['/internal/send-message', 'respond-async'],
    ]);
  });

  it('throws the instance’s own error of a refusal, once', async () => {
    instance.reply = () =>
      failure(422, {
        code: 'not_on_whatsapp',
        message: 'The recipient has no account.',
        retryable: false,
        outcome: 'rejected',
        details: { message_id: 'msg_1' },
      });
    const error = await failureOf(
      client().send(text, { idempotencyKey: 'order-4711-confirmation' }),
    );
    expect(error).toMatchObject({
      code: 'not_on_whatsapp',
      message: 'The recipient has no account.',
      retryable: false,
      details: {
        outcome: 'rejected',
        message_id: 'msg_1',
        idempotency_key: 'order-4711-confirmation',
      },
    });
    expect(instance.arrived).toHaveLength(1);
  });

  it('does not repeat a message whose try is over, even if a new one may go well', async () => {
    instance.reply = () =>
      failure(503, { code: 'provider_failed', retryable: true, outcome: 'unknown' });
    expect(await failureOf(client().send(text))).toMatchObject({ details: { outcome: 'unknown' } });
    expect(instance.arrived).toHaveLength(1);
  });

  it('repeats a dropped, a hanging and a refused try under one key, each signed anew', async () => {
    instance.reply = (_, count) => {
      if (count === 1) return 'drop';
      if (count === 2) return 'hang';
      if (count === 3)
        return failure(
          409,
          { code: 'idempotency_in_flight', retryable: true },
          { 'retry-after': '0' },
        );
      return success(sent);
    };
    const result = await client({ tryTimeoutMs: 150 }).send(text, { wait: 0 });
    expect(result.status).toBe('sent');
    expect(new Set(keysOf())).toEqual(new Set([`"${result.idempotency_key}"`]));
    expect(instance.arrived.map(({ verdict }) => verdict)).toEqual(Array(4).fill({ keyId: 'app' }));
    expect(new Set(instance.arrived.map(({ headers }) => headers['signature-input'])).size).toBe(4);
    expect(new Set(instance.arrived.map(({ body }) => body)).size).toBe(1);
  });

  it('gives up after its tries and names the key, so that the caller can go on', async () => {
    instance.reply = () => 'drop';
    const error = await failureOf(client({ maxTries: 3 }).send(text));
    expect(error).toMatchObject({ code: 'connection_failed', retryable: true });
    expect(instance.arrived).toHaveLength(3);
    expect(keysOf()).toEqual(Array(3).fill(`"${String(error.details?.idempotency_key)}"`));
  });

  it('makes another key for another send', async () => {
    instance.reply = () => success(sent);
    const made = client();
    await Promise.all([made.send(text), made.send(text), made.send(text)]);
    expect(new Set(keysOf()).size).toBe(3);
  });

  it('refuses a malformed key before anything leaves', async () => {
    expect(await failureOf(client().send(text, { idempotencyKey: 'short' }))).toMatchObject({
      code: 'bad_request',
    });
    expect(instance.arrived).toHaveLength(0);
  });
});

describe('retries', () => {
  it('repeats what only reads', async () => {
    instance.reply = (_, count) =>
      count < 3 ? failure(503, { code: 'not_ready' }) : success({ state: 'ready' });
    expect(await client().sessionStatus('s1')).toEqual({ state: 'ready' });
    expect(instance.arrived).toHaveLength(3);
  });

  it.each<[string, (made: GatewayClient) => Promise<unknown>]>([
    ['qr', (c) => c.qr('s1')],
    ['logout', (c) => c.logout('s1')],
    ['wsTicket', (c) => c.wsTicket()],
  ])('never repeats %s once it may have arrived', async (_, call) => {
    instance.reply = () => 'drop';
    expect(await failureOf(call(client()))).toMatchObject({ code: 'connection_failed' });
    instance.reply = () => failure(503, { code: 'not_ready', retryable: true });
    expect(await failureOf(call(client()))).toMatchObject({ code: 'not_ready', retryable: true });
    expect(instance.arrived).toHaveLength(2);
  });

  it('repeats even those when nothing was sent', async () => {
    const { port } = instance;
    await instance[Symbol.asyncDispose]();
    const baseUrl = `http://127.0.0.1:${port}`;
    let waits = 0;
    const restart = (): number => {
      waits += 1;
      return 0.5;
    };
    const made = client({ baseUrl, backoffMs: 300, maxTries: 6, random: restart });
    const answer = made.reconnect('s1');
    await expect.poll(() => waits).toBeGreaterThanOrEqual(1);
    instance = await new Instance().start(port);
    expect(await answer).toEqual({});
    expect(instance.arrived).toHaveLength(1);
  });

  it.each([
    ['its own figure', { retry_after_ms: 120 }, {}, 120],
    ['seconds in the header', {}, { 'retry-after': '1' }, 1000],
  ])('waits as long as it was told, by %s', async (_, extra, headers, expected) => {
    const times: number[] = [];
    instance.reply = (_, count) => {
      times.push(performance.now());
      return count === 1
        ? failure(429, { code: 'rate_limited', retryable: true, ...extra }, headers)
        : success({});
    };
    await client().sessions();
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(expected - 2);
  });

  it('reads a date in Retry-After, and does not wait beyond its deadline', async () => {
    const later = new Date(Date.now() + 90_000).toUTCString();
    instance.reply = () => failure(503, { code: 'shutting_down' }, { 'retry-after': later });
    const error = await failureOf(client({ timeoutMs: 5_000 }).sessions());
    expect(error.code).toBe('shutting_down');
    expect(error.retryAfterMs).toBeGreaterThan(80_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(90_000);
    expect(instance.arrived).toHaveLength(1);
  });

  it('keeps to its budget when everything fails', async () => {
    instance.reply = () => failure(503, { code: 'not_ready' });
    const made = client({ maxTries: 4, retryBudget: { ratio: 0.2, capacity: 10 } });
    for (let i = 0; i < 100; i++) await failureOf(made.sessions());
    // 10 saved up, and a fifth of 100 calls earned on the way.
    expect(instance.arrived.length).toBeGreaterThanOrEqual(100 + 10 + 15);
    expect(instance.arrived.length).toBeLessThanOrEqual(100 + 10 + 20);
  });

  it('does not ask again who already named another owner', async () => {
    instance.reply = () =>
      failure(421, {
        code: 'wrong_instance',
        retryable: true,
        details: { instance: 'b', epoch: 7 },
      });
    const error = await failureOf(client().sessionStatus('s1'));
    expect(error).toMatchObject({ code: 'wrong_instance', details: { instance: 'b', epoch: 7 } });
    expect(instance.arrived).toHaveLength(1);
  });
});

describe('answers that are none', () => {
  it.each<[string, number, string, boolean, number]>([
    ['a proxy’s error page', 502, '<html>Bad gateway</html>', true, 2],
    ['another server’s 404', 404, '<html>Not found</html>', false, 1],
    ['a redirect', 302, '', false, 1],
    ['JSON of another kind', 200, '{"ok":true}', true, 2],
    ['half an answer', 200, '{"success":true,"data":', true, 2],
    ['nothing', 200, '', true, 2],
    ['success without data', 200, '{"success":true}', true, 2],
    ['success with no thing', 200, '{"success":true,"data":null}', true, 2],
    [
      'a refusal that calls itself 200',
      200,
      '{"success":false,"error":{"code":"not_found"}}',
      true,
      2,
    ],
    ['success that calls itself 500', 500, '{"success":true,"data":{}}', true, 2],
    ['a list', 200, '[]', true, 2],
  ])('%s is bad_response', async (_, status, body, retryable, tries) => {
    instance.reply = () => ({ status, text: body, headers: { location: 'http://127.0.0.1:1/' } });
    const error = await failureOf(client({ maxTries: 2 }).sessions());
    expect(error).toMatchObject({ code: 'bad_response', retryable, details: { status } });
    expect(instance.arrived).toHaveLength(tries);
  });

  it('keeps what matters of a code that it does not know', async () => {
    instance.reply = () => failure(409, { code: 'code_of_tomorrow', retryable: false });
    expect(await failureOf(client().sessions())).toMatchObject({
      code: 'bad_response',
      retryable: false,
      details: { code: 'code_of_tomorrow', status: 409 },
    });
  });

  it('is bad_response when the other side does not speak HTTP', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await failureOf(client({ baseUrl }).sessions())).toMatchObject({ code: 'bad_response' });
    server.close();
  });
});

describe('time', () => {
  it('fails with timeout when nobody answers', async () => {
    instance.reply = () => 'hang';
    const error = await failureOf(client({ tryTimeoutMs: 80, maxTries: 2 }).sessions());
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    expect(instance.arrived).toHaveLength(2);
  });

  it('keeps the deadline of the whole call', async () => {
    instance.reply = () => 'hang';
    const began = performance.now();
    const work = client({ tryTimeoutMs: 60_000 }).sessions({ timeoutMs: 100 });
    expect(await failureOf(work)).toMatchObject({ code: 'timeout' });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(instance.arrived).toHaveLength(1);
  });

  it('begins no try in the moment by which a timer fires early', async () => {
    instance.reply = () => 'hang';
    const early: Clock = {
      ...systemClock,
      schedule: (ms, callback) => systemClock.schedule(ms - 20, callback),
    };
    const made = client({ tryTimeoutMs: 60_000, clock: early, random: () => 0 });
    const work = made.sessions({ timeoutMs: 100 });
    expect(await failureOf(work)).toMatchObject({ code: 'timeout' });
    expect(instance.arrived).toHaveLength(1);
  });

  it('gives a send the time that it asks the instance to wait', async () => {
    instance.reply = () => 'hang';
    const made = client({ tryTimeoutMs: 50, timeoutMs: 50, maxTries: 1 });
    const began = performance.now();
    await failureOf(made.send(text, { wait: 1 }));
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_040);
  });

  it('ends with the reason of an aborted signal: on the way, while it waits, and before', async () => {
    const reason = new Error('the user went away');
    const controller = new AbortController();
    instance.reply = () => {
      controller.abort(reason);
      return 'hang';
    };
    await expect(client().sessions({ signal: controller.signal })).rejects.toBe(reason);
    const second = new AbortController();
    instance.reply = () => {
      queueMicrotask(() => setImmediate(() => second.abort(reason)));
      return failure(503, { code: 'not_ready', retry_after_ms: 20_000 });
    };
    await expect(client().sessions({ signal: second.signal })).rejects.toBe(reason);
    const count = instance.arrived.length;
    await expect(client().sessions({ signal: controller.signal })).rejects.toBe(reason);
    expect(instance.arrived).toHaveLength(count);
  });
});

describe('set-up', () => {
  it.each([
    'gateway.example',
    'ftp://gateway.example',
    'http://user:pw@gateway.example',
    'http://gateway.example/base',
    'http://gateway.example/?a=b',
    '',
  ])('refuses the address %j', (baseUrl) => {
    expect(() => client({ baseUrl })).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });

  it('takes a signer as well as a key', async () => {
    const key = new Signer({ keyId: 'app', secret, clock: systemClock, lifetimeSeconds: 30 });
    instance.reply = () => success([]);
    await client({ key }).sessions();
    expect(instance.arrived[0]?.verdict).toEqual({ keyId: 'app' });
  });

  it('lets calls end when it is closed, and refuses later ones', async () => {
    let release = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      instance.reply = () => {
        resolve();
        return 'hang';
      };
    });
    instance.server.prependListener('request', (_, response) => {
      release = () => response.end('{"success":true,"data":[1]}');
    });
    const made = client();
    const call = made.sessions();
    await arrived;
    const closed = Promise.all([made.close(), made.close()]);
    release();
    expect(await call).toEqual([1]);
    await closed;
    expect(await failureOf(made.sessions())).toMatchObject({
      code: 'shutting_down',
      retryable: false,
    });
  });
});
