import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventFeed } from '@blazz/router';
import { afterAll, expect, it } from 'vitest';
import { type BuiltServer, browsersOf, startBuiltServer } from './built-server';

const account = '6281200000003';
const dataDir = mkdtempSync(join(tmpdir(), 'blazz-kill-'));
let server: BuiltServer;

afterAll(async () => {
  await server?.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Effect {
  readonly action: string;
  readonly text?: string;
}

/**
 * The fault is placed everywhere around the send: before WhatsApp took the message, after it did
 * but before it said so, and after the acknowledgement.
 */
const rounds = [
  { killAfterMs: 0, latencyMs: 400 },
  { killAfterMs: 150, latencyMs: 400 },
  { killAfterMs: 600, latencyMs: 400 },
  { killAfterMs: 50, latencyMs: 0 },
];

it('neither loses nor doubles a message when Chromium is killed during its send', {
  timeout: 240_000,
}, async () => {
  server = await startBuiltServer(dataDir);
  const options = { baseUrl: server.url, key: server.key, workspaceId: 'sandbox' };
  await using feed = new EventFeed({ ...options, after: 'oldest', ack: 'manual' });
  const events = feed[Symbol.asyncIterator]();
  const untilState = async (state: string): Promise<void> => {
    for (;;) {
      const { value } = await events.next();
      if (value?.type === 'session.state' && value.data.state === state) return;
    }
  };
  const { qr } = await server.client.qr('sandbox');
  await server.phone('POST', '/api/scan', { qr, number: account });
  await untilState('ready');

  const ids: string[] = [];
  for (const [round, { killAfterMs, latencyMs }] of rounds.entries()) {
    await server.phone('PUT', '/api/faults', { latency_ms: latencyMs });
    const { message_id } = await server.client.send(
      {
        workspace_id: 'sandbox',
        to: `62812000010${round}`,
        type: 'text',
        text: { body: `round ${round}` },
      },
      { wait: 0, idempotencyKey: `killed-browser-round-${round}` },
    );
    ids.push(message_id);
    // The moment of the fault is what is varied here; it is not waited for.
    await new Promise((resolve) => setTimeout(resolve, killAfterMs));
    for (const pid of browsersOf(dataDir)) process.kill(pid, 'SIGKILL');
    await server.phone('DELETE', '/api/faults', {});
    await untilState('reconnecting');
    await untilState('ready');
  }

  const effects = (await server.phone('GET', '/api/effects')) as Effect[];
  for (const [round, id] of ids.entries()) {
    const settled = async () => (await server.client.message(id, 'sandbox')).status;
    await expect.poll(settled, { timeout: 30_000 }).not.toMatch(/queued|sending/);
    const status = await settled();
    const count = effects.filter((effect) => effect.text === `round ${round}`).length;
    expect(status, `round ${round}`).toMatch(/^(sent|delivered|read|unknown)$/);
    expect(count, `round ${round}: ${status}`).toBeLessThanOrEqual(1);
    if (status !== 'unknown') expect(count).toBe(1);
  }
  const { events: log } = await server.client.events({
    workspace_id: 'sandbox',
    after: 0,
    types: ['session.qr'],
  });
  expect(log.length).toBeLessThanOrEqual(2);
  expect(await server.end('SIGTERM')).toBe(0);
  expect(browsersOf(dataDir)).toEqual([]);
});
