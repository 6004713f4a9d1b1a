import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventType, GatewayEvent } from '@blazz/core';
import { EventFeed } from '@blazz/router';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { type BuiltServer, browsersOf, startBuiltServer } from './built-server';

const account = '6281200000001';
const contact = '6281200000002';
const dataDir = mkdtempSync(join(tmpdir(), 'blazz-e2e-'));
let server: BuiltServer;
/** Where the present server's part of the log begins: the log outlives the process. */
let since = 0;

/** Ends the server, and notes how far the log is. */
async function endServer(signal: NodeJS.Signals): Promise<number | null> {
  since = (await server.client.events({ workspace_id: 'sandbox', after: since })).head_seq;
  return await server.end(signal);
}

afterAll(async () => {
  await server?.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Follows the sandbox's log from where the present server began, and gives the first event that fits. */
async function until<T extends EventType>(
  type: T,
  fits: (event: Extract<GatewayEvent, { type: T }>) => boolean = () => true,
): Promise<Extract<GatewayEvent, { type: T }>> {
  const signal = AbortSignal.timeout(60_000);
  const options = { baseUrl: server.url, key: server.key, workspaceId: 'sandbox', signal };
  await using feed = new EventFeed({ ...options, after: since });
  for await (const item of feed) {
    const event = item as Extract<GatewayEvent, { type: T }>;
    if (item.type === type && fits(event)) return event;
  }
  throw new Error(`no ${type} in time:\n${server.output()}`);
}

const isReady = (event: { data: { state: string } }): boolean => event.data.state === 'ready';

describe('the main path, with a real Chromium', { timeout: 180_000 }, () => {
  it('shows a QR that a camera can read, and is ready once it is scanned', async () => {
    server = await startBuiltServer(dataDir);
    const { qr, qr_image: png } = await server.client.qr('sandbox');
    const image = PNG.sync.read(Buffer.from(png.replace('data:image/png;base64,', ''), 'base64'));
    const read = jsqr(new Uint8ClampedArray(image.data), image.width, image.height);
    expect(read?.data).toBe(qr);
    await server.phone('POST', '/api/scan', { qr, number: account, name: 'Sandbox' });
    const ready = await until('session.state', isReady);
    expect(ready.data.account?.phone).toBe(account);
  });

  it('sends by a signed call, and tells when it is sent, delivered and read', async () => {
    const sent = await server.client.send({
      workspace_id: 'sandbox',
      to: contact,
      type: 'text',
      text: { body: 'Hello from the main path' },
    });
    expect(sent).toMatchObject({ status: 'sent', message_id: expect.stringMatching(/^msg_/) });
    for (const status of ['sent', 'delivered', 'read'] as const) {
      const event = await until('message.status', ({ data }) => data.status === status);
      expect(event.data).toMatchObject({
        message_id: sent.message_id,
        provider_message_id: sent.provider_message_id,
        provider: 'web_js',
      });
    }
    const effects = (await server.phone('GET', '/api/effects')) as unknown[];
    expect(effects).toHaveLength(1);
  });

  it('hears the answer, and answers it', async () => {
    await server.phone('POST', '/api/messages', {
      from: contact,
      to: account,
      content: 'Who is it?',
    });
    const heard = await until('message.received');
    expect(heard.data).toMatchObject({
      type: 'text',
      text: { body: 'Who is it?' },
      is_group: false,
    });
    const answer = await server.client.send({
      workspace_id: 'sandbox',
      to: heard.data.chat_id,
      reply_to: heard.data.provider_message_id,
      type: 'text',
      message: 'It is us.',
    });
    expect(answer.status).toBe('sent');
    const effects = (await server.phone('GET', '/api/effects')) as { to: string }[];
    expect(effects).toHaveLength(2);
  });

  it('comes back after SIGTERM without a QR, and leaves no browser behind', async () => {
    expect(browsersOf(dataDir).length).toBeGreaterThan(0);
    expect(await endServer('SIGTERM')).toBe(0);
    expect(browsersOf(dataDir)).toEqual([]);
    server = await startBuiltServer(dataDir);
    await until('session.state', isReady);
    const { events } = await server.client.events({ workspace_id: 'sandbox', after: since });
    expect(events.map((event) => event.type)).not.toContain('session.qr');
  });

  it('comes back after SIGKILL without a QR, and one browser only', async () => {
    await endServer('SIGKILL');
    server = await startBuiltServer(dataDir);
    await until('session.state', isReady);
    const { events } = await server.client.events({ workspace_id: 'sandbox', after: since });
    expect(events.map((event) => event.type)).not.toContain('session.qr');
    const sent = await server.client.send({
      workspace_id: 'sandbox',
      to: contact,
      type: 'text',
      text: { body: 'Still here' },
    });
    expect(sent.status).toBe('sent');
  });

  it('survives SIGKILL of its Chromium, and is ready again without a QR', async () => {
    const before = (await server.client.events({ workspace_id: 'sandbox', after: 0 })).head_seq;
    for (const pid of browsersOf(dataDir)) process.kill(pid, 'SIGKILL');
    await until(
      'session.state',
      (event) => event.seq > before && event.data.state === 'reconnecting',
    );
    await until('session.state', (event) => event.seq > before && event.data.state === 'ready');
    const { events } = await server.client.events({ workspace_id: 'sandbox', after: before });
    expect(events.map((event) => event.type)).not.toContain('session.qr');
  });

  it('is linked no more after a logout', async () => {
    await server.client.logout('sandbox');
    expect(await server.client.sessionStatus('sandbox')).toMatchObject({ state: 'logged_out' });
    expect(browsersOf(dataDir)).toEqual([]);
    const { qr } = await server.client.qr('sandbox');
    expect(qr).toContain(',');
    expect(await server.end('SIGTERM')).toBe(0);
    expect(browsersOf(dataDir)).toEqual([]);
  });

  it('has written no number, text, QR or secret into its log', () => {
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n');
    for (const secret of [
      account,
      contact,
      'main path',
      'Who is it',
      'Still here',
      server.key.secret,
    ]) {
      expect(lines).not.toContain(secret);
    }
  });
});
