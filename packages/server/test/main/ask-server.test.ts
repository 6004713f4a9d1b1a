import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateSecret } from '@blazz/core/signing';
import { ManualClock } from '@blazz/simulator/clock';
import { expect, it } from 'vitest';
import { askServer } from '../../src/main/ask-server';
import { startInstance } from '../support/instance';

it('says of a running server whether it is the one, in time, and takes the key', async () => {
  await using instance = await startInstance({ server: { instanceId: 'one' } });
  const { url, keys } = instance;
  const file = (secret: string | Buffer = keys.root.secret, instanceId = 'one') => ({
    instanceId,
    keys: [{ id: 'root', secret: String(secret), scopes: [], workspaces: '*' as const }],
    created: false,
  });
  expect(await askServer(url, file())).toMatchObject({
    state: 'ok',
    words: expect.stringContaining('the key "root"'),
  });
  expect(await askServer(url, file(generateSecret()))).toMatchObject({
    state: 'fault',
    words: expect.stringMatching(/refuses the key "root".*start it again/),
  });
  expect(await askServer(url, file(keys.root.secret, 'two'))).toMatchObject({
    state: 'fault',
    words: expect.stringContaining('another server'),
  });
  const late = new ManualClock({ now: Date.now() + 120_000 });
  expect(await askServer(url, file(), late)).toMatchObject({
    state: 'fault',
    words: expect.stringMatching(/1[12]\d s apart.*NTP/),
  });
  instance.server.drain();
  expect(await askServer(url, file())).toMatchObject({ state: 'warning' });
});

it('is not taken in by another program at the address', async () => {
  const other = createServer((_, response) => response.end('<h1>hello</h1>')).listen(0);
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  expect(await askServer(url, undefined)).toMatchObject({
    state: 'fault',
    words: expect.stringContaining('does not answer'),
  });
  other.close();
});
