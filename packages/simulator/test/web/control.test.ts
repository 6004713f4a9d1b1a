import { request } from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'whatsapp-web.js';
import { ControlServer, WebSimulator } from '../../src/web/index';
import { Browsers, next } from './support/browser';

const number = '628111000111';
const customer = '628222000222';
type Page = NonNullable<Client['pupPage']>;

describe('the control server', () => {
  const simulator = new WebSimulator({
    timings: {
      bootMs: 20,
      openMs: 20,
      // Later than the library listens, on a busy machine too: it misses what comes before.
      syncMs: 1_500,
      pairMs: 20,
      sendMs: 10,
      deliverMs: 10,
      readMs: 10,
    },
  });
  const control = new ControlServer(simulator);
  const browsers = new Browsers();
  let client: Client;

  beforeAll(async () => {
    await simulator.start();
    await control.start();
    client = await browsers.client(simulator, 'control');
    await Promise.all([next(client, 'qr'), client.initialize()]);
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await control.stop();
    await simulator.stop();
  });

  async function call(
    method: string,
    path: string,
    body?: object,
    token = control.token,
  ): Promise<{ status: number; json: never }> {
    const answer = await fetch(`${control.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, json: (await answer.json()) as never };
  }

  it('lets nobody in without the token, or by another name', async () => {
    expect(
      (await call('GET', '/api/state', undefined, 'x'.repeat(control.token.length))).status,
    ).toBe(401);
    expect((await fetch(`${control.url}/api/state?token=${control.token}`)).status).toBe(401);
    const status = await new Promise((resolve) => {
      const port = new URL(control.url).port;
      const headers = { host: 'evil.example', authorization: `Bearer ${control.token}` };
      request({ port, host: '127.0.0.1', path: '/api/state', headers }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      }).end();
    });
    expect(status).toBe(403);
    expect(() => new ControlServer(simulator, { token: 'short' })).toThrow('16 characters');
  });

  it('says what is wrong with a request', async () => {
    expect(await call('GET', '/api/nothing')).toMatchObject({ status: 404 });
    expect(await call('DELETE', '/api/state')).toMatchObject({ status: 405 });
    expect(
      await call('POST', '/api/messages', {
        to: number,
        from: customer,
        content: { kind: 'image' },
      }),
    ).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_message' } },
    });
    expect(await call('PUT', '/api/faults', { send: 'maybe' })).toMatchObject({
      status: 400,
      json: { error: { message: '"send" is one of: ok, reject, drop, lost_ack, disconnect.' } },
    });
    for (const latency_ms of [-1, 1e300]) {
      expect(await call('PUT', '/api/faults', { latency_ms })).toMatchObject({ status: 400 });
    }
    expect(await call('POST', '/api/accounts/123/logout')).toMatchObject({ status: 404 });
    for (const body of ['{', '[]', `"${' '.repeat(1000)}`]) {
      const answer = await fetch(`${control.url}/api/accounts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${control.token}` },
        body,
      });
      expect(answer.status).toBe(400);
    }
    const { port } = new URL(control.url);
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', path: '//' }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      }).end();
    });
    expect(status).toBe(400);
  });

  describe('the page of the phone', () => {
    let page: Page;
    const problems: string[] = [];

    const click = (text: string): Promise<unknown> =>
      page.evaluate(
        `[...document.querySelectorAll('button')].find((one) => one.textContent === ${JSON.stringify(text)}).click()`,
      );
    const shows = (text: string): Promise<unknown> =>
      page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, {
        timeout: 10_000,
      });

    beforeAll(async () => {
      page = (await client.pupBrowser?.newPage()) as Page;
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (line) => problems.push(line.text()));
      await page.setViewport({ width: 1360, height: 860 });
      await page.goto(control.phoneUrl);
    });

    it('scans the waiting QR', async () => {
      await shows('QR code');
      const ready = next(client, 'ready');
      await click('Scan');
      await ready;
      await shows('Toko Budi');
      expect(simulator.accounts.map((one) => one.number)).toEqual([number]);
    });

    it('shows what the bot sends, with its ticks, and answers as the contact', async () => {
      client.on('message', (message) => void message.reply(`echo: ${message.body}`));
      await client.sendMessage(
        `${customer}@c.us`,
        '<img src=x onerror="alert(1)"> *Halo* & selamat pagi',
      );
      await shows('<img src=x onerror="alert(1)">');
      await page.type('#text', 'Ada stok?');
      await click('Send');
      await shows('echo: Ada stok?');
      await page.waitForSelector('.tick.read');
      expect(await page.$$eval('#messages li', (list) => list.length)).toBe(3);
    });

    it('shows messages that lack what their type should have', async () => {
      const content = { kind: 'raw', type: 'poll_creation', fields: {} } as const;
      await simulator.deliver({ to: number, from: customer, content });
      await shows('📊');
      await simulator.deliver({ to: number, from: customer, content: 'Masih di sini?' });
      await shows('Masih di sini?');
    });

    it('sets faults and acknowledgements', async () => {
      await page.select('select[aria-label="send"]', 'lost_ack');
      await page.select('select[aria-label="acknowledgements"]', 'sent');
      await expect.poll(() => simulator.faults(number).send).toBe('lost_ack');
      await expect.poll(() => simulator.phone(number).ackMode).toBe('sent');
      await page.waitForSelector('select.armed');
      await click('All well again');
      await expect.poll(() => simulator.faults(number).send).toBe('ok');
    });

    it('shows a picture, and looks as it should', async () => {
      const { PNG } = createRequire(import.meta.url)('pngjs') as typeof import('pngjs');
      const image = new PNG({ width: 160, height: 100 });
      for (let at = 0; at < image.data.length; at += 4)
        image.data.set([30 + (at % 160), 150, 110, 255], at);
      const media = { data: PNG.sync.write(image).toString('base64'), mimetype: 'image/png' };
      await simulator.deliver({
        to: number,
        from: customer,
        content: { kind: 'image', media, caption: 'Seperti ini' },
      });
      await page.waitForSelector('.bubble img');
      if (process.env.SCREENSHOT)
        await page.screenshot({ path: process.env.SCREENSHOT as `${string}.png` });
      expect(problems).toEqual([]);
    });

    it('does over HTTP what it does in process', async () => {
      const ok = async (
        method: string,
        path: string,
        body?: object,
      ): Promise<Record<string, unknown>> => {
        const answer = await call(method, path, body);
        expect([path, answer.status]).toEqual([path, 200]);
        return answer.json;
      };
      const write = (content: unknown) =>
        ok('POST', '/api/messages', { from: customer, to: number, content });
      await ok('PUT', '/api/ack-mode', { mode: 'manual', number });
      const sent = await client.sendMessage(`${customer}@c.us`, 'by hand');
      await expect.poll(() => simulator.phone(number).message(sent.id.id)?.ack).toBe(0);
      await ok('POST', `/api/messages/${sent.id.id}/ack`, { level: 4 });
      expect(simulator.phone(number).message(sent.id.id)?.ack).toBe(4);

      const poll = await write({ kind: 'poll', question: 'Kapan?', options: ['pagi', 'sore'] });
      await ok('POST', `/api/messages/${poll.id}/vote`, { by: customer, options: [1] });
      await ok('POST', `/api/messages/${poll.id}/reaction`, { by: customer, emoji: '👍' });
      expect(simulator.phone(number).message(poll.id as string)).toMatchObject({
        votes: { [customer]: [1] },
        reactions: { [customer]: '👍' },
      });
      const cipher = await write({ kind: 'ciphertext' });
      await ok('POST', `/api/messages/${cipher.id}/decrypt`, { content: 'rahasia' });
      await ok('POST', `/api/messages/${cipher.id}/edit`, { text: 'bukan rahasia' });
      const listed = await ok('GET', `/api/accounts/${number}/chats/${customer}/messages`);
      expect(listed).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ text: 'bukan rahasia', from_me: false }),
        ]),
      );
      await ok('POST', `/api/messages/${cipher.id}/revoke`);
      expect(simulator.phone(number).message(cipher.id as string)?.type).toBe('revoked');

      await ok('POST', '/api/contacts', { lid: '5544@lid', pushname: 'Anonim' });
      const group = await ok('POST', '/api/groups', {
        subject: 'Arisan',
        participants: [number, customer],
      });
      await ok('POST', '/api/messages', {
        from: customer,
        to: number,
        group: group.jid,
        content: 'halo',
      });
      await ok('PUT', '/api/numbers/628999', { registered: false });
      expect(await client.getNumberId('628999')).toBeNull();
      const ringing = next(client, 'call');
      await ok('POST', `/api/accounts/${number}/call`, { from: customer, id: 'C1' });
      await ringing;
      await ok('POST', `/api/accounts/${number}/spin`, { ms: 5 });
      const timeout = next(client, 'change_state', (state) => state === 'TIMEOUT');
      await ok('POST', `/api/accounts/${number}/state`, { state: 'TIMEOUT' });
      await timeout;
      for (const act of ['drop-sockets', 'reload']) {
        const again = next(client, 'ready');
        await ok('POST', `/api/accounts/${number}/${act}`);
        await again;
      }
      expect((await ok('GET', '/api/effects')).length).toBe(simulator.effects.length);
      expect(await call('POST', '/api/accounts', { number: '628444000444' })).toMatchObject({
        json: { linked_devices: 0 },
      });
      expect(await call('POST', '/api/accounts/628444000444/conflict')).toMatchObject({
        status: 409,
      });
    });

    it('logs out from the phone', async () => {
      const gone = next(client, 'disconnected');
      await click('Log out');
      expect(await gone).toEqual(['LOGOUT']);
      await shows('not linked');
      await shows('QR code');
    });
  });
});
