import { connect } from 'node:net';
import { systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCall } from '../support/call';
import { type Instance, startInstance } from '../support/instance';

describe('bad input', () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
  });
  afterAll(() => instance[Symbol.asyncDispose]());

  const text = { workspace_id: 'own', to: '4915112345678', type: 'text', text: { body: 'hi' } };
  const post = (body: unknown, rest: Partial<TestCall> = {}): TestCall => ({
    method: 'POST',
    path: '/internal/send-message',
    body,
    ...rest,
  });
  const table: readonly [
    what: string,
    call: TestCall,
    status: number,
    code: string,
    path?: string,
  ][] = [
    ['broken JSON', post('{"workspace_id": "own"'), 400, 'bad_request'],
    ['a BOM before the JSON', post('\ufeff{}'), 400, 'bad_request'],
    ['bytes that are not UTF-8', post(Buffer.from([0x7b, 0xff, 0x7d])), 400, 'bad_request'],
    ['a list as body', post([]), 400, 'bad_request'],
    ['null as body', post('null'), 400, 'bad_request'],
    [
      'no body',
      { method: 'POST', path: '/internal/send-message' },
      400,
      'invalid_id',
      'workspace_id',
    ],
    ['an unknown type', post({ ...text, type: 'fax' }), 400, 'invalid_message', 'type'],
    ['an unknown field', post({ ...text, colour: 'red' }), 400, 'invalid_message', 'colour'],
    ['an empty text', post({ ...text, text: { body: '' } }), 400, 'invalid_message', 'text.body'],
    [
      'a text of 4097 characters',
      post({ ...text, text: { body: 'x'.repeat(4097) } }),
      400,
      'invalid_message',
      'text.body',
    ],
    [
      'message beside an image',
      post({ ...text, type: 'image', message: 'x' }),
      400,
      'invalid_message',
      'message',
    ],
    [
      'message that is no text',
      post({ ...text, text: undefined, message: { body: 'x' } }),
      400,
      'invalid_message',
      'message',
    ],
    ['a recipient that is none', post({ ...text, to: 'Anna' }), 400, 'invalid_recipient'],
    [
      'a workspace id with a slash',
      post({ ...text, workspace_id: '../own' }),
      400,
      'invalid_id',
      'workspace_id',
    ],
    [
      'a negative workspace id',
      post({ ...text, workspace_id: -1 }),
      400,
      'invalid_id',
      'workspace_id',
    ],
    [
      'a session id that is none',
      post({ ...text, session_id: 'a b' }),
      400,
      'invalid_id',
      'session_id',
    ],
    ['a session of nobody', post({ ...text, session_id: 'nobody' }), 404, 'not_found'],
    [
      'a session of another workspace',
      post({ ...text, session_id: 'session_other' }),
      404,
      'not_found',
    ],
    [
      'a short idempotency key',
      post(text, { headers: { 'idempotency-key': 'short' } }),
      401,
      'signature_invalid',
    ],
    [
      'a wait that is no number',
      post(text, { headers: { prefer: 'wait=soon' } }),
      400,
      'bad_request',
    ],
    [
      'a body of another type',
      post(text, { headers: { 'content-type': 'text/plain' } }),
      415,
      'unsupported_media_type',
    ],
    [
      'an encoded body',
      post(text, { headers: { 'content-encoding': 'gzip' } }),
      415,
      'unsupported_media_type',
    ],
    [
      'a text of 10 MB',
      post({ ...text, text: { body: 'x'.repeat(10_000_000) } }),
      413,
      'payload_too_large',
    ],
    ['a body with GET', { path: '/internal/messages', body: '{}' }, 400, 'bad_request'],
    [
      'a query that is not known',
      { path: '/internal/messages?colour=red' },
      400,
      'bad_request',
      'colour',
    ],
    ['a limit out of bounds', { path: '/internal/messages?limit=0' }, 400, 'bad_request', 'limit'],
    [
      'a limit that is no number',
      { path: '/internal/events?limit=ten' },
      400,
      'bad_request',
      'limit',
    ],
    [
      'a type of event that does not exist',
      { path: '/internal/events?types=fax' },
      400,
      'bad_request',
      'types',
    ],
    ['a path that climbs', { path: '/internal/session/..%2f..%2fetc/status' }, 400, 'invalid_id'],
    ['a path that climbs unencoded', { path: '/internal/session/../sessions' }, 404, 'not_found'],
    ['a zero byte in the path', { path: '/internal/session/own%00/status' }, 400, 'invalid_id'],
    ['letters of another script', { path: '/internal/session/%D0%BEwn/status' }, 400, 'invalid_id'],
    ['a broken escape', { path: '/internal/session/%zz/status' }, 400, 'bad_request'],
    ['an id of 300 letters', { path: `/internal/messages/${'a'.repeat(300)}` }, 404, 'not_found'],
    [
      'another method',
      { method: 'DELETE', path: '/internal/send-message' },
      405,
      'method_not_allowed',
    ],
    ['another path', { path: '/internal/nothing' }, 404, 'not_found'],
    [
      'a phone that is none',
      post({ phone: 'abc' }, { path: '/internal/session/own/pairing-code' }),
      400,
      'bad_request',
      'phone',
    ],
    [
      'a workspace without provider',
      { method: 'PUT', path: '/internal/workspaces/new', body: {} },
      400,
      'bad_request',
      'provider_type',
    ],
    [
      'a provider of nobody',
      { method: 'PUT', path: '/internal/workspaces/new', body: { provider_type: 'fax' } },
      400,
      'bad_request',
    ],
    [
      'a workspace id that differs',
      {
        method: 'PUT',
        path: '/internal/workspaces/new',
        body: { workspace_id: 'old', provider_type: 'scripted' },
      },
      400,
      'bad_request',
    ],
    [
      'a workspace from code',
      { method: 'PUT', path: '/internal/workspaces/own', body: { provider_type: 'scripted' } },
      409,
      'conflict',
    ],
    [
      'deleting a workspace from code',
      { method: 'DELETE', path: '/internal/workspaces/own' },
      409,
      'conflict',
    ],
  ];

  it.each(table)('refuses %s', async (_what, call, status, code, path) => {
    const key = path === 'query' ? instance.keys.own : instance.keys.root;
    const own =
      call.path.startsWith('/internal/messages') || call.path.startsWith('/internal/events');
    const answer = await instance.call({ key: own ? instance.keys.own : key, ...call });
    expect(answer.json).toMatchObject({ success: false, error: { code } });
    expect(answer.status).toBe(status);
    if (path !== undefined)
      expect(answer.json.error.details?.path ?? answer.json.error.details?.field).toBe(path);
    expect(answer.text).not.toContain('4915112345678');
    expect(answer.json.error.message).not.toContain('xxxx');
  });

  it('asks for the workspace when the key covers several', async () => {
    const answer = await instance.call({ path: '/internal/messages', key: instance.keys.root });
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('workspace_id');
  });

  it('tells the methods of a path', async () => {
    const answer = await instance.call({ method: 'PATCH', path: '/internal/workspaces/own' });
    expect(answer.headers.allow).toBe('GET, PUT, DELETE');
  });

  it('refuses a stranger before the body has come', async () => {
    const { port } = new URL(instance.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = [
      'POST /internal/send-message HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      'Content-Length: 1000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it.each([
    ['no HTTP at all', 'GARBAGE\r\n\r\n'],
    ['an unknown method', 'FETCH /health HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['40 KB of headers', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    [
      'two ways to end the body',
      'POST /internal/send-message HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('answers %s with the same envelope, and hangs up', async (_what, bytes) => {
    const socket = connect(Number(new URL(instance.url).port), '127.0.0.1');
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body)).toMatchObject({ success: false, error: { code: 'bad_request' } });
  });

  it('does not answer a megabyte of field name with a megabyte', async () => {
    const call = post({ ...text, ['k'.repeat(1_000_000)]: 1 }, { key: instance.keys.own });
    const answer = await instance.call(call);
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(1_000);
  });

  it('refuses a replay, a changed body and a changed path alike', async () => {
    const { id, secret } = instance.keys.own;
    const body = Buffer.from(JSON.stringify({ workspace_id: 'nobody', type: 'text' }));
    const path = '/internal/send-message';
    const { host } = new URL(instance.url);
    const signer = new Signer({ keyId: id, secret, clock: systemClock });
    const headers = { ...signer.sign({ method: 'POST', authority: host, rawTarget: path, body }) };
    const call = (changes: object) =>
      instance.call({ method: 'POST', path, body, headers, ...changes });
    const changed = [
      await call({ body: Buffer.from(body.toString().replace('text', 'tex2')) }),
      await call({ path: '/internal/send-template' }),
      await call({ headers: { ...headers, 'idempotency-key': '"another-key-0000001"' } }),
    ];
    expect((await call({})).status).toBe(404);
    const replay = await call({});
    for (const answer of [...changed, replay]) {
      expect(answer.status).toBe(401);
      expect(answer.json.error).toEqual(replay.json.error);
    }
  });
});
