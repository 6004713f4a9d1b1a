import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isQr } from '../../src/webjs/session/qr-clock';
import { Lab, processesIn, type Station, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const quick = { eagerProbeMs: 100, kickMs: 300, connectingMs: 1_500, syncingMs: 2_000 };

describe('a start', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open({
      timings: { socketTimeoutMs: 500, firstQrMs: 700, nextQrMs: 500, qrCount: 2 },
    });
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  afterEach(() => lab.simulator.clearFaults());

  /** A start that fails with a code within a time, and leaves nothing behind. */
  async function fails(
    station: Station,
    code: string,
    ms: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const began = Date.now();
    await expect(station.start(signal)).rejects.toMatchObject({ code });
    expect(Date.now() - began).toBeLessThan(ms);
    expect(await processesIn(lab.dir)).toEqual([]);
    expect(station.of('down')).toEqual([]);
    await station.provider.stop();
  }

  it.each(['hang', 'subresource_hang', 'status_503', 'blank', 'never_boot'] as const)(
    'ends in time when the page does this: %s',
    async (page) => {
      lab.simulator.setFaults({ page });
      await fails(lab.station('p1', { deadlines: { startMs: 2_500 } }), 'timeout', 9_000);
    },
  );

  it('ends when the connection to the page is reset, without waiting for its deadline', async () => {
    lab.simulator.setFaults({ page: 'reset' });
    await fails(lab.station('p1', { deadlines: { startMs: 30_000 } }), 'start_failed', 25_000);
  });

  it.each(['refuse', 'hang'] as const)('ends when the socket does this: %s', async (socket) => {
    lab.simulator.setFaults({ socket });
    const station = lab.station('p1', { deadlines: { startMs: 15_000 }, watchdog: quick });
    await fails(station, 'provider_failed', 12_000);
  });

  it('ends when the name of WhatsApp cannot be resolved', async () => {
    const nowhere = ['--host-resolver-rules=MAP * ~NOTFOUND'];
    await fails(lab.station('p1', { extraBrowserArgs: nowhere }), 'start_failed', 9_000);
  });

  it('is given up when its caller says so', async () => {
    lab.simulator.setFaults({ page: 'hang' });
    const abort = new AbortController();
    const station = lab.station('p1');
    setTimeout(() => abort.abort(new Error('enough')), 700);
    await fails(station, 'start_failed', 8_000, abort.signal);
  });

  it('is given up by a stop', async () => {
    lab.simulator.setFaults({ page: 'hang' });
    const station = lab.station('p1');
    const starting = station.start().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await station.provider.stop();
    expect(await starting).toMatchObject({ code: 'shutting_down' });
    expect(await processesIn(lab.dir)).toEqual([]);
  });

  it('names the fix when the browser is not there, or is none', async () => {
    await fails(
      lab.station('p2', { browserPath: '/nowhere/chromium' }),
      'browser_not_found',
      5_000,
    );
    const fake = join(lab.dir, 'fake-chromium');
    await writeFile(fake, '#!/bin/sh\necho "no such library" >&2\nexit 127\n', { mode: 0o755 });
    await fails(lab.station('p2', { browserPath: fake }), 'start_failed', 8_000);
  });

  it('happens once', async () => {
    const station = lab.station('p2', { browserPath: '/nowhere/chromium' });
    await station.start().catch(() => undefined);
    await expect(station.start()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('shows QR codes, new ones when WhatsApp runs out of them, until the window closes', async () => {
    const station = lab.station('p3', {
      watchdog: { ...quick, pairingMs: 6_000 },
    });
    await station.start();
    // Two codes to a round: the third can only come after the page went idle.
    await expect.poll(() => station.of('qr').length, { timeout: 8_000 }).toBeGreaterThan(2);
    expect(station.of('qr').every(({ text }) => isQr(text))).toBe(true);
    const { error } = await station.until('down', () => true, 12_000);
    expect(error.code).toBe('timeout');
    expect(await processesIn(lab.dir)).toEqual([]);
    await station.provider.stop();
  });

  it('gets ready although the page was ready before the library listened', async () => {
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    lab.simulator.setFaults({ sync: 'race' });
    const station = lab.station('s1', { watchdog: quick });
    await station.start();
    await station.until('ready');
    expect(station.log.some((line) => line.message.includes('it is told'))).toBe(true);
    expect(await send(station, friend, 'after the race')).toMatchObject({ status: 'sent' });
    await station.provider.stop();
  });

  it('is over once the chats load; loading has no limit but for getting nowhere', async () => {
    lab.simulator.setFaults({ sync: 'never' });
    const station = lab.station('s1', { deadlines: { startMs: 10_000 }, watchdog: quick });
    await station.start();
    const phone = lab.simulator.phone(me);
    const began = Date.now();
    for (const percent of [10, 35, 60, 85]) {
      phone.load(percent);
      await station.until('syncing', (event) => event.percent === percent);
      await new Promise((resolve) => setTimeout(resolve, quick.syncingMs / 2));
    }
    expect(Date.now() - began).toBeGreaterThan(quick.syncingMs * 1.5);
    expect(station.of('down')).toEqual([]);
    phone.load(100);
    await station.until('ready');
    expect(await send(station, friend, 'loaded')).toMatchObject({ status: 'sent' });
    const told = station.of('syncing').flatMap(({ percent }) => percent ?? []);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    await station.provider.stop();
  });

  it('is followed by an end when the page connects and never gets ready', async () => {
    lab.simulator.setFaults({ sync: 'never' });
    const station = lab.station('s1', { watchdog: quick });
    await station.start();
    lab.simulator.phone(me).load(40);
    const { error } = await station.until('down', () => true, 12_000);
    expect(error).toMatchObject({ code: 'provider_failed', retryable: true });
    expect(station.of('syncing').at(-1)).toEqual({ type: 'syncing', percent: 40 });
    expect(await processesIn(lab.dir)).toEqual([]);
    await station.provider.stop();
  });

  it('takes a profile that plain LocalAuth made for linked', async () => {
    const database = 'session/Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
    await mkdir(join(lab.dir, 'workspace_w9', 'old', database), { recursive: true });
    expect(await lab.factory().linked?.('w9', 'old')).toBe(true);
    expect(await lab.factory().linked?.('w9', 'new')).toBe(false);
    await expect(lab.factory().linked?.('../w9', 'old')).rejects.toMatchObject({
      code: 'invalid_id',
    });
  });
});

describe('isQr', () => {
  it.each(['undefined,a,b,c,1', 'null,a,b,c,1', ',a,b,c,1', '', 'x'])('refuses %s', (text) => {
    expect(isQr(text)).toBe(false);
  });
  it('takes a QR', () => {
    expect(isQr('2@ref,noise,identity,secret,1')).toBe(true);
  });
});
