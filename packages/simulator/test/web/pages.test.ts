import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from 'whatsapp-web.js';
import { WebSimulator } from '../../src/web/index';
import { Browsers, next } from './support/browser';

const address = 'https://web.whatsapp.com/';
type Page = NonNullable<Client['pupPage']>;

describe('what the page can do instead of working', () => {
  const simulator = new WebSimulator({
    timings: {
      bootMs: 20,
      openMs: 20,
      socketTimeoutMs: 2500,
      reconnectMs: 100,
      firstQrMs: 1500,
      nextQrMs: 1000,
      qrCount: 2,
      pairMs: 20,
    },
  });
  const browsers = new Browsers();
  let client: Client;
  let page: Page;

  beforeAll(async () => {
    await simulator.start();
    client = await browsers.client(simulator, 'pages');
    await Promise.all([next(client, 'qr'), client.initialize()]);
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await simulator.stop();
  });

  const state = (): Promise<unknown> =>
    page.evaluate("window.require?.('WAWebSocketModel').Socket.state");

  describe('in a tab of its own', () => {
    // A page of its own for each: Chromium reloads a page that failed by itself, whenever it likes,
    // and would abort the next test's navigation.
    beforeEach(async () => {
      page = (await client.pupBrowser?.newPage()) as Page;
    });
    afterEach(async () => {
      simulator.clearFaults();
      await page.close();
    });

    it('never answers', async () => {
      simulator.setFaults({ page: 'hang' });
      await expect(page.goto(address, { timeout: 500 })).rejects.toThrow('timeout');
    });

    it('cuts the connection', async () => {
      simulator.setFaults({ page: 'reset' });
      await expect(page.goto(address)).rejects.toThrow('net::ERR_');
    });

    it('answers 503', async () => {
      simulator.setFaults({ page: 'status_503' });
      expect((await page.goto(address))?.status()).toBe(503);
    });

    it.each(['blank', 'never_boot'] as const)(
      'is there, but the application is not: %s',
      async (mode) => {
        simulator.setFaults({ page: mode });
        await page.goto(address);
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(await page.evaluate('typeof window.Debug')).toBe('undefined');
      },
    );

    it('runs, but never finishes loading', async () => {
      simulator.setFaults({ page: 'subresource_hang' });
      await expect(page.goto(address, { timeout: 500 })).rejects.toThrow('timeout');
      expect(await page.evaluate('window.Debug.VERSION')).toMatch(/^2\.3000\./);
    });

    it.each(['refuse', 'hang'] as const)(
      'cannot reach its server and says TIMEOUT: %s',
      async (socket) => {
        simulator.clearFaults();
        simulator.setFaults({ socket });
        await page.goto(address);
        await page.waitForFunction(
          "window.require?.('WAWebSocketModel').Socket.state === 'TIMEOUT'",
        );
        expect(await state()).toBe('TIMEOUT');
      },
    );

    it('cannot reach any other host', async () => {
      await expect(page.goto('https://example.com/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
    });
  });

  it('rotates its QR, goes idle, and shows a new one when asked', async () => {
    const idle = next(simulator, 'qr_expired');
    const refresh = (): Promise<unknown> | undefined =>
      client.pupPage?.evaluate("window.require('WAWebCmd').Cmd.refreshQR()");
    const firstShown = next<[string]>(client, 'qr');
    await refresh();
    const [first] = await firstShown;
    const [second] = await next<[string]>(client, 'qr');
    expect(second).not.toBe(first);
    await idle;
    await expect.poll(() => client.getState()).toBe('UNPAIRED_IDLE');
    await expect(simulator.scan(second, { number: '628333' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const again = next<[string]>(client, 'qr');
    await refresh();
    await again;
    expect(await client.getState()).toBe('UNPAIRED');
  });

  it('links by a pairing code, only for the number that it was made for', async () => {
    const [, code] = await Promise.all([
      next(client, 'code'),
      client.requestPairingCode('628333000333'),
    ]);
    expect(code).toMatch(/^[1-9A-Z]{8}$/);
    await expect(simulator.enterCode(code, '628444000444')).rejects.toMatchObject({
      code: 'not_found',
    });
    const ready = next(client, 'ready');
    await simulator.enterCode(code, '628333000333', { name: 'Kode' });
    await ready;
    expect(client.info.wid.user).toBe('628333000333');
  });

  it('fails for one account only, which it knows by its cookie', async () => {
    simulator.setFaults({ page: 'status_503' }, '628333000333');
    const own = await client.pupBrowser?.newPage();
    expect((await own?.goto(address))?.status()).toBe(503);
    const stranger = await (await client.pupBrowser?.createBrowserContext())?.newPage();
    expect((await stranger?.goto(address))?.status()).toBe(200);
    simulator.clearFaults('628333000333');
    await stranger?.close();
  });

  it('is in conflict when its profile is opened a second time', async () => {
    const gone = next(client, 'disconnected');
    const second = (await client.pupBrowser?.newPage()) as Page;
    await second.goto(address);
    expect(await gone).toEqual(['CONFLICT']);
  });
});
