import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTrap, type Server } from 'node:net';
import { isPublicAddress } from '@blazz/core';
import { mediaFetcher } from '@blazz/providers/webjs';
import { buildConnector } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NameServer, startNameServer } from './name-server';

/** Hosts that all lead, or seem to lead, to what is not on the public internet. */
const literals = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '0',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '012.0.0.1',
  '167772161',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '169.254.170.2',
  '168.63.129.16',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '0xc0a80001',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::]',
  '[2001::1]',
  '[2001:0:7f00:1::]',
  '[2001:db8::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  'localhost',
  'LOCALHOST.',
];
/** Names, and what the name server says of them, one answer after the other. */
const names = {
  'loopback.test': [['127.0.0.1']],
  'loopback6.test': [['::1']],
  'metadata.test': [['169.254.169.254']],
  'inner.test': [['10.0.0.7']],
  'mapped.test': [['::ffff:7f00:1']],
  'mixed.test': [['93.184.216.34', '127.0.0.1']],
  'mixed6.test': [['93.184.216.34', '::1']],
  'rebinding.test': [['93.184.216.34'], ['127.0.0.1'], ['127.0.0.1']],
  'nowhere.test': [[]],
};

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
