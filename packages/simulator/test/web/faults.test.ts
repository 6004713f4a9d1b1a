import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Message } from 'whatsapp-web.js';
import { WebSimulator } from '../../src/web/index';
import { acknowledged, Browsers, next } from './support/browser';

const number = '628111000111';
const customer = '628222000222';
const chatId = `${customer}@c.us`;

describe('what can go wrong with a session', () => {
  const simulator = new WebSimulator({
    timings: {
      bootMs: 20,
      openMs: 20,
      syncMs: 1000,
      pairMs: 20,
      sendMs: 10,
      deliverMs: 10,
      readMs: 10,
      reconnectMs: 100,
    },
  });
  const browsers = new Browsers();
  let client: Client;

  /** Closes the browser and opens it again on the same profile. */
  async function restart(): Promise<void> {
    await browsers.close(client);
    client = await browsers.client(simulator, 'faults');
  }

  async function ready(): Promise<void> {
    await Promise.all([next(client, 'ready'), client.initialize()]);
  }

  async function pair(): Promise<void> {
    const [[qr]] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
    const done = next(client, 'ready');
    await simulator.scan(qr, { number });
    await done;
  }

  beforeAll(async () => {
    await simulator.start();
    client = await browsers.client(simulator, 'faults');
    await pair();
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await simulator.stop();
  });

  const effectsOf = (id: string): number =>
    simulator.effects.filter((effect) => effect.id === id).length;
  const idle = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('a refused send ends at -1 and has no effect', async () => {
    simulator.setFaults({ send: 'reject' }, number);
    const refused = next<[Message, number]>(client, 'message_ack', (_message, ack) => ack === -1);
    const sent = await client.sendMessage(chatId, 'refused');
    await refused;
    expect(effectsOf(sent.id.id)).toBe(0);
  });

  it('a dropped send stays at 0 and has no effect', async () => {
    simulator.setFaults({ send: 'drop' }, number);
    const sent = await client.sendMessage(chatId, 'dropped');
    await idle(100);
    expect((await client.getMessageById(sent.id._serialized)).ack).toBe(0);
    expect(effectsOf(sent.id.id)).toBe(0);
  });

  it('a send whose answer is lost has its effect; a late acknowledgement still arrives', async () => {
    simulator.setFaults({ send: 'lost_ack' }, number);
    const [effect, sent] = await Promise.all([
      next(simulator, 'effect'),
      client.sendMessage(chatId, 'answer lost'),
    ]);
    expect(effect).toMatchObject([{ id: sent.id.id }]);
    await idle(100);
    expect((await client.getMessageById(sent.id._serialized)).ack).toBe(0);
    const late = acknowledged(client, () => sent.id._serialized, 2);
    simulator.acknowledge(sent.id._serialized, 2);
    await late;
    expect(effectsOf(sent.id.id)).toBe(1);
  });

  it('a send that is resent after the socket broke is one effect', async () => {
    simulator.setFaults({ send: 'disconnect' }, number);
    const [, sent] = await Promise.all([
      next(simulator, 'disconnected'),
      client.sendMessage(chatId, 'socket breaks'),
    ]);
    simulator.clearFaults(number);
    await acknowledged(client, () => sent.id._serialized, 1);
    expect(effectsOf(sent.id.id)).toBe(1);
  });

  it('acknowledgements stop where the mode says', async () => {
    simulator.setAckMode('offline', number);
    const sent = await client.sendMessage(chatId, 'phone off');
    await acknowledged(client, () => sent.id._serialized, 1);
    const read = acknowledged(client, () => sent.id._serialized, 3);
    simulator.setAckMode('read', number);
    await read;
    simulator.setAckMode('manual', number);
    const held = await client.sendMessage(chatId, 'by hand');
    await idle(60);
    expect((await client.getMessageById(held.id._serialized)).ack).toBe(0);
    for (const level of [1, 2, 3, 4] as const) {
      const heard = acknowledged(client, () => held.id._serialized, level);
      simulator.acknowledge(held.id.id, level);
      await heard;
    }
    simulator.setAckMode('read', number);
  });

  it('a number that is not on WhatsApp is found out, and a failing lookup is an error', async () => {
    simulator.setRegistered('628999000999', false);
    expect(await client.getNumberId('628999000999')).toBeNull();
    expect(await client.isRegisteredUser(chatId)).toBe(true);
    await expect(client.sendMessage('628999000999@c.us', 'nobody')).rejects.toThrow(
      'No LID for user',
    );
    simulator.setFaults({ lookup: 'error' }, number);
    await expect(client.getNumberId('628555000555')).rejects.toThrow('Too many lookups');
    simulator.clearFaults(number);
  });

  it('a dropped socket comes back, and the session is ready again', async () => {
    const states: string[] = [];
    client.on('change_state', (state) => states.push(state));
    const again = next(client, 'ready');
    simulator.dropSockets(number);
    await again;
    expect(states).toEqual(['OPENING', 'CONNECTED']);
  });

  it('a reloaded page becomes ready again', async () => {
    const again = next(client, 'ready');
    simulator.reloadPage(number);
    await again;
    expect(await client.getState()).toBe('CONNECTED');
  });

  it('a spinning main thread answers nothing until it ends', async () => {
    const started = performance.now();
    simulator.phone(number).spinPage(800);
    await idle(50);
    await client.getState();
    expect(performance.now() - started).toBeGreaterThan(700);
  });

  it('a slow network delays every frame', async () => {
    simulator.setFaults({ latencyMs: 300 }, number);
    const started = performance.now();
    await client.getNumberId('628555000777');
    expect(performance.now() - started).toBeGreaterThan(550);
    simulator.clearFaults(number);
  });

  it('a second opening elsewhere is a conflict; a restart restores', async () => {
    const gone = next(client, 'disconnected');
    simulator.conflict(number);
    expect(await gone).toEqual(['CONFLICT']);
    await restart();
    await ready();
  });

  it('messages from before the listeners are no events, but unread', async () => {
    await browsers.close(client);
    await simulator.deliver({ to: number, from: customer, content: 'while you were away' });
    client = await browsers.client(simulator, 'faults');
    let heard = 0;
    client.on('message', () => {
      heard += 1;
    });
    await ready();
    await idle(100);
    const chat = await client.getChatById(chatId);
    expect([heard, chat.unreadCount]).toEqual([0, 1]);
    const messages = await chat.fetchMessages({ limit: 1 });
    expect(messages[0]?.body).toBe('while you were away');
    const seen = next(simulator, 'seen');
    await chat.sendSeen();
    expect(await seen).toEqual([{ number, chat: customer }]);
  });

  it('a blocked account is told so', async () => {
    const gone = next(client, 'disconnected');
    simulator.setState(number, 'TOS_BLOCK');
    expect(await gone).toEqual(['TOS_BLOCK']);
  });

  it('never synchronises: connected, but no event', async () => {
    simulator.setFaults({ sync: 'never' }, number);
    await restart();
    let events = 0;
    for (const name of ['authenticated', 'ready'] as const)
      client.on(name, () => {
        events += 1;
      });
    await client.initialize();
    await idle(1300);
    expect([events, await client.getState()]).toEqual([0, 'CONNECTED']);
  });

  it('synchronises before anybody listens: ready never comes by itself', async () => {
    simulator.setFaults({ sync: 'race' }, number);
    await restart();
    let events = 0;
    client.on('ready', () => {
      events += 1;
    });
    await client.initialize();
    await idle(300);
    const synced = await client.pupPage?.evaluate(
      "window.require('WAWebSocketModel').Socket.hasSynced && !window.WWebJS",
    );
    expect([events, synced]).toEqual([0, true]);
    const kicked = next(client, 'ready');
    await client.pupPage?.evaluate('window.onAppStateHasSyncedEvent()');
    await kicked;
    simulator.clearFaults(number);
  });

  it('a page that goes elsewhere emits nothing', async () => {
    let events = 0;
    for (const name of ['disconnected', 'change_state'] as const) {
      client.on(name, () => {
        events += 1;
      });
    }
    const away = new Promise<void>((resolve) => {
      client.pupPage?.on('framenavigated', () => resolve());
    });
    simulator.phone(number).navigateAway();
    await away;
    await idle(100);
    expect([events, await client.pupPage?.evaluate('typeof window.Debug')]).toEqual([
      0,
      'undefined',
    ]);
    await restart();
    await ready();
  });

  it('is logged out by the library: the call resolves and the device is gone', async () => {
    const out = next(simulator, 'logged_out');
    await client.logout();
    expect(await out).toEqual([{ number, by: 'library' }]);
    expect(simulator.phone(number).linkedDevices).toBe(0);
    await restart();
    await pair();
  });

  it('is logged out by the library, and the page leaves first: the call rejects', async () => {
    simulator.setFaults({ logout: 'navigate_first' });
    const gone = next(client, 'disconnected');
    await expect(client.logout()).rejects.toThrow(/context was destroyed|detached|closed/i);
    expect(await gone).toEqual(['LOGOUT']);
    simulator.clearFaults();
  });
});
