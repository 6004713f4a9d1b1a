import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, processesIn, send } from './support/lab';
import { launch } from './support/run';

const me = '628111000001';
const friend = '628222000002';

describe('a page that is ready again and again', () => {
  it('loses and repeats nothing of what comes in meanwhile', async () => {
    await using lab = await Lab.open({ ackMode: 'sent' });
    const station = await lab.linked('s1', me);
    const sent: string[] = [];
    const write = async (): Promise<void> => {
      const { id } = await lab.simulator.deliver({ to: me, from: friend, content: 'x' });
      sent.push(id);
    };
    for (let round = 0; round < 3; round++) {
      const before = station.events.length;
      for (let index = 0; index < 20; index++) await write();
      if (round === 1) lab.simulator.dropSockets(me);
      else lab.simulator.reloadPage(me);
      for (let index = 0; index < 20; index++) await write();
      await station.until('ready', () => true, 20_000, before);
      for (let index = 0; index < 20; index++) await write();
    }
    const ids = (): (string | undefined)[] =>
      station.of('message.received').map((e) => e.message.provider_message_id.split('_')[2]);
    await expect.poll(() => ids().length, { timeout: 20_000 }).toBe(sent.length);
    expect(ids().sort()).toEqual([...sent].sort());
  }, 90_000);
});

describe('credentials in local storage, which Chromium writes late', () => {
  it('survive a stop right after the link', async () => {
    await using lab = await Lab.open({ credentialStorage: 'localstorage' });
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    expect(second.of('qr')).toEqual([]);
  });

  it('survive a kill of the gateway right after the link', async () => {
    await using lab = await Lab.open({ credentialStorage: 'localstorage' });
    const child = launch('gateway.ts', [lab.dir, ...lab.simulator.chromiumArgs()]);
    const lines = createInterface({ input: child.stdout });
    for await (const line of lines) {
      const { type, text } = JSON.parse(line) as { type: string; text?: string };
      if (type === 'qr') await lab.simulator.scan(text ?? '', { number: me });
      if (type === 'ready') break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The browser notices, writes, and ends by itself.
    await expect.poll(() => processesIn(lab.dir), { timeout: 10_000 }).toEqual([]);
    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    expect(second.of('qr')).toEqual([]);
  });
});

describe('after an absence', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open({ ackMode: 'sent' });
  });
  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('misses no message, however many, and no receipt, and no late decryption', async () => {
    const first = await lab.linked('s1', me);
    const sent = await send(first, friend, 'did you read this?');
    const key = sent.status === 'sent' ? sent.provider_message_id : '';
    await first.provider.stop();
    lab.simulator.acknowledge(key.split('_')[2] ?? '', 3);
    const secret = await lab.simulator.deliver({
      to: me,
      from: '628999000009',
      content: { kind: 'ciphertext' },
    });
    for (let index = 0; index < 500; index++) {
      await lab.simulator.deliver({ to: me, from: friend, content: `missed ${index}` });
    }

    const second = lab.station('s1');
    await second.start();
    await second.until('message.received', (e) => e.message.text?.body === 'missed 499');
    // Some come while the rest is looked for.
    await lab.simulator.deliver({ to: me, from: friend, content: 'live' });
    await second.until('message.received', (e) => e.message.text?.body === 'live');
    const bodies = second.of('message.received').map(({ message }) => message.text?.body);
    expect(bodies).toEqual([...Array.from({ length: 500 }, (_, i) => `missed ${i}`), 'live']);
    await second.until(
      'message.receipt',
      (e) => e.provider_message_id === key && e.status === 'read',
    );

    await lab.simulator.decrypt(secret.id, { kind: 'text', text: 'readable at last' });
    const { message } = await second.until(
      'message.received',
      (e) => e.message.provider_message_id.includes(secret.id),
      30_000,
    );
    expect(message.text?.body).toBe('readable at last');
    expect(second.of('message.edited')).toEqual([]);
  }, 90_000);
});
