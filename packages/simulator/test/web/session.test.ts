import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Message } from 'whatsapp-web.js';
import { WebSimulator } from '../../src/web/index';
import { Browsers, next } from './support/browser';

const owner = { number: '628111000111', name: 'Toko Budi' };
const customer = '628222000222';

describe('a session of a real whatsapp-web.js', () => {
  const simulator = new WebSimulator({
    timings: { syncMs: 1000, pairMs: 50, readMs: 50, deliverMs: 30 },
  });
  const browsers = new Browsers();
  let client: Client;

  beforeAll(async () => {
    await simulator.start();
    client = await browsers.client(simulator, 'session');
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await simulator.stop();
  });

  it('shows a QR, is scanned, and becomes ready', async () => {
    const [qr] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
    expect(qr[0].split(',')).toHaveLength(5);
    expect(simulator.waitingQrs.map((one) => one.text)).toEqual([qr[0]]);
    const states: string[] = [];
    simulator.on('state', ({ state }) => states.push(state));
    const ready = next(client, 'ready');
    await simulator.scan(qr[0], owner);
    await ready;
    // The page says that it is linked once, and is in no conflict with itself.
    expect(states).toEqual([]);
    expect(client.info.wid._serialized).toBe('628111000111@c.us');
    expect(client.info.pushname).toBe('Toko Budi');
    expect(simulator.waitingQrs).toEqual([]);
  });

  it('sends a text, which climbs to read, and counts it once', async () => {
    const levels: number[] = [];
    client.on('message_ack', (_message: Message, ack: number) => levels.push(ack));
    const read = next<[Message, number]>(client, 'message_ack', (_message, ack) => ack === 3);
    const sent = await client.sendMessage(`${customer}@c.us`, 'Halo!');
    expect(sent.ack).toBe(0);
    await read;
    expect(levels).toEqual([1, 2, 3]);
    expect(simulator.effects).toMatchObject([
      {
        action: 'message',
        id: sent.id.id,
        from: owner.number,
        to: customer,
        kind: 'chat',
        text: 'Halo!',
      },
    ]);
  });

  it('hears what a customer writes', async () => {
    const heard = next<[Message]>(client, 'message');
    await simulator.deliver({
      to: owner.number,
      from: customer,
      content: 'Apa kabar?',
      pushname: 'Siti',
    });
    const [message] = await heard;
    expect(message.body).toBe('Apa kabar?');
    expect(message.from).toBe(`${customer}@c.us`);
    expect((await message.getChat()).unreadCount).toBe(1);
  });

  it('is restored without a QR', async () => {
    await browsers.close(client);
    client = await browsers.client(simulator, 'session');
    let qrs = 0;
    client.on('qr', () => {
      qrs += 1;
    });
    await Promise.all([next(client, 'ready'), client.initialize()]);
    expect(qrs).toBe(0);
    const chat = await client.getChatById(`${customer}@c.us`);
    const bodies = (await chat.fetchMessages({ limit: 10 })).map((message) => message.body);
    expect(bodies).toEqual(['Halo!', 'Apa kabar?']);
  });

  it('is logged out by its phone, and shows a new QR', async () => {
    const gone = next<[string]>(client, 'disconnected');
    const fresh = next<[string]>(client, 'qr');
    simulator.logoutFromPhone(owner.number);
    expect(await gone).toEqual(['LOGOUT']);
    await fresh;
  });
});
