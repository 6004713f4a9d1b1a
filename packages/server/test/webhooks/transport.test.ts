import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTrap, type Server as Trap } from 'node:net';
import { isPublicAddress, type WebhookAnswer } from '@blazz/core';
import { undiciTransport } from '@blazz/server';
import { Webhook } from 'standardwebhooks';
import { buildConnector } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { startNameServer } from '../../../providers/test/media/name-server';
import { literals, names } from '../../../providers/test/media/targets';
import { type Instance, startInstance } from '../support/instance';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
}

function post(url: string, signal: AbortSignal = AbortSignal.timeout(5_000)) {
  const transport = undiciTransport({ allow: ['127.0.0.1'] });
  return transport.post({ url, headers: {}, body: Buffer.from('{}') }, signal);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

it('delivers what an independent library verifies', { timeout: 20_000 }, async () => {
  const instance: Instance = await startInstance();
  closers.push(() => instance[Symbol.asyncDispose]());
  let resolve: (seen: { body: string; headers: Record<string, string> }) => void;
  const seen = new Promise<{ body: string; headers: Record<string, string> }>((done) => {
    resolve = done;
  });
  const url = await serve(async (request, response) => {
    resolve({ body: await read(request), headers: request.headers as Record<string, string> });
    response.writeHead(204).end();
  });
  const added = await instance.call({
    method: 'POST',
    path: '/internal/webhooks',
    key: instance.keys.own,
    body: { workspace_id: 'own', url, types: ['message.status'] },
  });
  expect(added.status).toBe(201);
  const { secret, endpoint_id } = added.json.data;
  await instance.link();
  await instance.call({
    method: 'POST',
    path: '/internal/send-message',
    key: instance.keys.own,
    body: { workspace_id: 'own', to: '4915112345678', type: 'text', text: { body: 'hello' } },
  });
  const { body, headers } = await seen;
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({
    type: 'message.status',
    workspace_id: 'own',
    data: { status: 'sent' },
  });
  const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
  expect(() => new Webhook(other).verify(body, headers)).toThrow();
  const list = await instance.call({
    path: '/internal/webhooks?workspace_id=own',
    key: instance.keys.own,
  });
  expect(list.json.data.endpoints).toMatchObject([{ endpoint_id, status: 'enabled' }]);
  expect(JSON.stringify(list.json)).not.toContain('whsec_');
});

it('follows no redirect, and reads no more of an answer than it must', async () => {
  let hits = 0;
  const target = await serve((_, response) => {
    hits++;
    response.end();
  });
  const redirecting = await serve((_, response) => {
    response.writeHead(302, { location: target }).end();
  });
  expect((await post(redirecting)).status).toBe(302);
  expect(hits).toBe(0);
  const endless = await serve((_, response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
    response.on('close', () => clearInterval(timer));
  });
  expect((await post(endless)).status).toBe(200);
});

it.each<[string, WebhookAnswer]>([
  ['120', { status: 503, retryAfterMs: 120_000 }],
  ['soon', { status: 503, retryAfterMs: undefined }],
])('reads Retry-After: %s', async (header, answer) => {
  const url = await serve((_, response) => {
    response.writeHead(503, { 'retry-after': header }).end();
  });
  expect(await post(url)).toEqual(answer);
});

it('rejects when nothing is answered: a reset, a hang, nobody there', async () => {
  const reset = await serve((request) => request.socket.destroy());
  await expect(post(reset)).rejects.toThrow();
  const hang = await serve(() => undefined);
  await expect(post(hang, AbortSignal.timeout(50))).rejects.toThrow();
  await expect(post('http://127.0.0.1:1/')).rejects.toThrow();
});

it('makes no connection to targets that are not public', async () => {
  let caught = 0;
  let port = 0;
  for (const host of ['127.0.0.1', '::1']) {
    const trap: Trap = createTrap((socket) => {
      caught++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(port, host, resolve));
    port = (trap.address() as AddressInfo).port;
    closers.push(() => trap.close());
  }
  const nameServer = await startNameServer(names);
  closers.push(nameServer.stop);
  const connect = buildConnector({ timeout: 2_000 });
  const transport = undiciTransport({
    resolve: (host) =>
      host === 'localhost' ? Promise.resolve(['127.0.0.1']) : nameServer.resolve(host),
    // The tests stay on this machine.
    connect: (options, done) =>
      isPublicAddress(options.hostname)
        ? done(new Error('No way out of here.'), null)
        : connect(options, done),
  });
  for (const target of [...literals, ...Object.keys(names)]) {
    for (const path of ['/', '/again']) {
      const url = `https://${target}:${port}${path}`;
      const request = { url, headers: {}, body: Buffer.from('{}') };
      await expect(transport.post(request, AbortSignal.timeout(5_000)), target).rejects.toThrow();
    }
  }
  expect(caught).toBe(0);
});
