import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTrap, type Server } from 'node:net';
import { isPublicAddress } from '@blazz/core';
import { mediaFetcher } from '@blazz/providers/webjs';
import { buildConnector } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NameServer, startNameServer } from './name-server';
import { literals, names } from './targets';

const traps: Server[] = [];
let caught = 0;
let port = 0;
let server: NameServer;
/** Where connections went that were let through. */
const reached: string[] = [];

beforeAll(async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const trap = createTrap((socket) => {
      caught++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(port, host, resolve));
    port = (trap.address() as AddressInfo).port;
    traps.push(trap);
  }
  server = await startNameServer(names);
});
afterAll(() => {
  for (const trap of traps) trap.close();
  server.stop();
});

const outside = 'No way out of here.';
function fetcher(allow: readonly string[] = []) {
  const connect = buildConnector({ timeout: 2_000 });
  return mediaFetcher({
    maxBytes: 1_000,
    allow,
    resolve: (host) =>
      host === 'localhost' ? Promise.resolve(['127.0.0.1']) : server.resolve(host),
    // The tests stay on this machine; what would have left it is written down.
    connect: (options, done) => {
      reached.push(options.hostname);
      if (isPublicAddress(options.hostname)) done(new Error(outside), null);
      else connect(options, done);
    },
  });
}

const targets = [...literals, ...Object.keys(names)];

it(`makes no connection to any of ${targets.length} targets that are not public`, async () => {
  expect(targets.length).toBeGreaterThanOrEqual(60);
  const fetch = fetcher();
  for (const target of targets) {
    for (const path of ['/', '/again']) {
      const link = `https://${target}:${port}${path}`;
      const error = await fetch(link, AbortSignal.timeout(5_000)).then(
        () => undefined,
        (thrown) => thrown,
      );
      expect(['address_refused', 'media_unavailable'], target).toContain(error?.code);
    }
  }
  expect(caught).toBe(0);
  expect(new Set(reached)).toEqual(new Set(['93.184.216.34']));
});

it('follows no redirect to one either', async () => {
  const redirecting = createServer((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
  });
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
  const { port: own } = redirecting.address() as AddressInfo;
  const fetch = fetcher(['127.0.0.1/32']);
  await expect(fetch(`http://127.0.0.1:${own}/`, AbortSignal.timeout(5_000))).rejects.toMatchObject(
    { code: 'media_unavailable' },
  );
  redirecting.close();
  expect(caught).toBe(0);
});

it('lets through what the operator allows, and nothing beside it', async () => {
  const own = createServer((_, response) => response.end('picture'));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const { port: at } = own.address() as AddressInfo;
  const signal = AbortSignal.timeout(5_000);
  for (const allow of ['loopback.test', '127.0.0.0/8', '127.0.0.1']) {
    const media = await fetcher([allow])(`http://loopback.test:${at}/`, signal).catch(
      (error) => error.code,
    );
    const isNamed = allow === 'loopback.test';
    expect(isNamed ? String(media.data) : media, allow).toBe(
      isNamed ? 'picture' : 'address_refused',
    );
  }
  const byAddress = await fetcher(['127.0.0.0/8'])(`http://127.0.0.1:${at}/`, signal);
  expect(String(byAddress.data)).toBe('picture');
  await expect(fetcher(['10.0.0.0/8'])(`https://127.0.0.1:${at}/`, signal)).rejects.toMatchObject({
    code: 'address_refused',
  });
  expect(() => fetcher(['not a host'])).toThrow(/no host name/);
  own.close();
});
