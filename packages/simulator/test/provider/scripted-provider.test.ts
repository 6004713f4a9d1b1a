import {
  GatewayError,
  type OutgoingMessage,
  type Provider,
  type ProviderEvent,
  parseRecipient,
  silentLogger,
} from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import {
  type ScriptedProviderOptions,
  ScriptedWhatsApp,
  type ScriptedWhatsAppOptions,
  scriptedProvider,
} from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';

const never = (): AbortSignal => new AbortController().signal;
const attempt = { number: 1, epoch: 1, startedAt: 0 };

function text(id: string, to = '4915550001111'): OutgoingMessage {
  const content = { type: 'text', text: { body: `text of ${id}` } } as const;
  return { message_id: id, recipient: parseRecipient(to), content };
}

function stage(
  options: Omit<ScriptedWhatsAppOptions, 'clock'> = {},
  provider: Omit<ScriptedProviderOptions, 'world'> = {},
) {
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ clock, ...options });
  const factory = scriptedProvider({ world, ...provider });
  const create = (sessionId = 'main', workspaceId = 'ws') => {
    const events: ProviderEvent[] = [];
    const made: Provider = factory.create({
      workspaceId,
      sessionId,
      settings: factory.parse({}),
      emit: (event) => events.push(event),
      clock,
      random: () => 0.5,
      logger: silentLogger,
    });
    const types = () => events.map(({ type }) => type);
    const send = (message: OutgoingMessage, signal = never()) =>
      made.send(message, attempt, signal);
    return { provider: made, events, types, send };
  };
  const ready = async (sessionId = 'main', workspaceId = 'ws') => {
    world.account(workspaceId, sessionId).link();
    const made = create(sessionId, workspaceId);
    await made.provider.start(never());
    return made;
  };
  return { clock, world, factory, create, ready, account: world.account('ws', 'main') };
}

describe('starting', () => {
  it('takes the time it was given, and syncs before it is ready', async () => {
    const { clock, create, account } = stage({ startMs: 800, syncMs: 200 });
    account.link();
    const { provider, types } = create();
    const starting = provider.start(never());
    await clock.advance(799);
    expect(types()).toEqual([]);
    await clock.advance(1);
    expect(types()).toEqual(['syncing']);
    await clock.advance(200);
    await starting;
    expect(types()).toEqual(['syncing', 'ready']);
  });

  it('shows a new QR when the one before has run out', async () => {
    const { clock, create, account } = stage({ qrMs: 20_000 });
    const { provider, events } = create();
    await provider.start(never());
    const first = account.qr;
    await clock.advance(20_000);
    expect(account.qr).not.toBe(first);
    expect(() => account.scan(first)).toThrow('shows that QR');
    expect(account.linked).toBe(false);
    account.scan();
    expect(account.linked).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(['qr', 'qr', 'syncing', 'ready']);
    expect(clock.pending).toBe(0);
  });

  it('fails, hangs and asks for a person as it is told, and then succeeds', async () => {
    const { create, account } = stage();
    account.link();
    account.nextStarts(
      { outcome: 'fail' },
      { outcome: 'fail', error: new GatewayError('profile_locked', 'In use.') },
      { outcome: 'hang' },
      { outcome: 'action_required', reason: 'passkey' },
    );
    await expect(create().provider.start(never())).rejects.toMatchObject({ code: 'start_failed' });
    await expect(create().provider.start(never())).rejects.toMatchObject({
      code: 'profile_locked',
    });
    const abort = new AbortController();
    const hanging = create().provider.start(abort.signal);
    abort.abort(new Error('given up'));
    await expect(hanging).rejects.toThrow('given up');
    const asking = create();
    await asking.provider.start(never());
    expect(asking.events).toEqual([{ type: 'action_required', reason: 'passkey' }]);
    expect(account.connections).toBe(0);
    const good = create();
    await good.provider.start(never());
    expect(good.types()).toEqual(['syncing', 'ready']);
  });

  it('starts an object once', async () => {
    const { ready } = stage();
    const { provider } = await ready();
    await expect(provider.start(never())).rejects.toMatchObject({ code: 'start_failed' });
  });

  it('keeps credentials over providers and factories of one world', async () => {
    const { world, ready } = stage();
    const { provider } = await ready();
    await provider.stop();
    const another = scriptedProvider({ world, type: 'another' });
    expect(another.type).toBe('another');
    expect(await another.linked?.('ws', 'main')).toBe(true);
    expect(await another.linked?.('ws_2', 'main')).toBe(false);
  });

  it('notices two owners of one session', async () => {
    const { world, ready } = stage();
    await ready();
    expect(world.overlaps).toEqual([]);
    await ready('other');
    expect(world.overlaps).toEqual([]);
    await ready();
    expect(world.overlaps).toMatchObject([{ workspaceId: 'ws', sessionId: 'main' }]);
  });
});

describe('a scripted send', () => {
  it('is sent at once by default, acknowledged in time, and echoed before the answer', async () => {
    const { clock, world, ready } = stage({ receipts: { deliveredMs: 40, readMs: 90 } });
    const { send, events } = await ready();
    const outcome = await send(text('msg_a'));
    const [effect] = world.effects;
    const id = effect?.provider_message_id;
    expect(outcome).toEqual({ status: 'sent', provider_message_id: id });
    expect(effect).toMatchObject({ message_id: 'msg_a', to: '4915550001111', sessionId: 'main' });
    const echo = { provider_message_id: id, chat_id: '4915550001111@c.us' };
    expect(events.at(-1)).toMatchObject({ type: 'message.echo', message: echo });
    await clock.advance(39);
    expect(events.filter(({ type }) => type === 'message.receipt')).toEqual([]);
    await clock.advance(51);
    expect(events.slice(-2)).toMatchObject([
      { type: 'message.receipt', provider_message_id: id, status: 'delivered' },
      { type: 'message.receipt', provider_message_id: id, status: 'read' },
    ]);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [{ outcome: 'rejected' }, { status: 'rejected', error: { code: 'rejected' } }, 0],
    [{ outcome: 'not_sent', retryAfterMs: 7 }, { status: 'not_sent', retryAfterMs: 7 }, 0],
    [{ outcome: 'unknown', effect: false }, { status: 'unknown', error: { code: 'timeout' } }, 0],
    [{ outcome: 'unknown', effect: true }, { status: 'unknown' }, 1],
    [
      { outcome: 'unknown', effect: true, id: true },
      { status: 'unknown', provider_message_id: expect.any(String) },
      1,
    ],
  ] as const)('%j', async (step, outcome, effects) => {
    const { world, ready } = stage({ receipts: {} });
    const { send } = await ready();
    world.nextSends(step);
    expect(await send(text('msg_a'))).toMatchObject(outcome);
    expect(world.effects).toHaveLength(effects);
    expect((await send(text('msg_b'))).status).toBe('sent');
  });

  it('throws whatever the script throws, with or without an effect', async () => {
    const { world, ready } = stage();
    const { send } = await ready();
    world.nextSends({ outcome: 'throw', effect: true, error: 'auth timeout' });
    await expect(send(text('msg_a'))).rejects.toBe('auth timeout');
    world.nextSends({ outcome: 'throw', effect: false });
    await expect(send(text('msg_b'))).rejects.toBeInstanceOf(TypeError);
    expect(world.effects.map(({ message_id }) => message_id)).toEqual(['msg_a']);
    expect(world.calls.map(({ outcome, endedAt }) => [outcome, endedAt !== undefined])).toEqual([
      [undefined, true],
      [undefined, true],
    ]);
  });

  it('has its effect when it begins: cut short, it is unknown', async () => {
    const { clock, world, ready } = stage({ receipts: {} });
    const { send } = await ready();
    world.script(() => ({ outcome: 'sent', afterMs: 500 }));
    const abort = new AbortController();
    const sending = send(text('msg_a'), abort.signal);
    await clock.advance(499);
    expect(world.effects).toHaveLength(1);
    abort.abort();
    expect(await sending).toMatchObject({
      status: 'unknown',
      provider_message_id: world.effects[0]?.provider_message_id,
    });
    const slow = send(text('msg_b'));
    await clock.advance(500);
    expect((await slow).status).toBe('sent');
    expect(world.calls.map((call) => (call.endedAt ?? 0) - call.startedAt)).toEqual([499, 500]);
  });

  it('decides by message, attempt and session', async () => {
    const { world, ready } = stage({
      script: (message, { number }, { sessionId }) => {
        const isBad = message.message_id === 'msg_bad' && number === 1 && sessionId === 'main';
        return isBad ? { outcome: 'rejected' } : { outcome: 'sent' };
      },
    });
    const [main, other] = [await ready(), await ready('other')];
    expect((await main.send(text('msg_bad'))).status).toBe('rejected');
    expect((await other.send(text('msg_bad'))).status).toBe('sent');
    const second = { ...attempt, number: 2 };
    expect((await main.provider.send(text('msg_bad'), second, never())).status).toBe('sent');
    expect(world.effects.map(({ sessionId }) => sessionId)).toEqual(['other', 'main']);
  });

  it('tells of effects as they happen, and forgets them when told', async () => {
    const told: string[] = [];
    const { world, ready } = stage({ onEffect: (effect) => told.push(effect.message_id) });
    const { send } = await ready();
    await send(text('msg_a'));
    expect(told).toEqual(['msg_a']);
    world.forget();
    expect([world.effects, world.calls, world.gestures]).toEqual([[], [], []]);
  });

  it('can be looked for afterwards, in its own session', async () => {
    const { world, ready } = stage();
    const [main, other] = [await ready(), await ready('other')];
    world.nextSends({ outcome: 'unknown', effect: true });
    const message = text('msg_a');
    await main.send(message);
    const look = (from: typeof main) =>
      from.provider.reconciliation?.reconcile(message, attempt, never());
    const id = world.effects[0]?.provider_message_id;
    expect(await look(main)).toEqual({ status: 'sent', provider_message_id: id });
    expect(await look(other)).toBeUndefined();
  });
});

describe('what can happen to a session', () => {
  it('is interrupted and mends itself; what was missed comes then', async () => {
    const { world, ready, account } = stage();
    const { send, types, events } = await ready();
    account.interrupt();
    expect(account.online).toBe(false);
    expect((await send(text('msg_a'))).status).toBe('not_sent');
    account.deliverText('4915550002222', 'meanwhile');
    account.restore();
    expect(types()).toEqual(['syncing', 'ready', 'interrupted', 'ready', 'message.received']);
    expect(events.at(-1)).toMatchObject({ message: { caught_up: true } });
    expect((await send(text('msg_a'))).status).toBe('sent');
    expect(world.effects).toHaveLength(1);
  });

  it('crashes: sends in flight end without an answer', async () => {
    const { world, ready, account } = stage();
    const { send, types } = await ready();
    world.script(() => ({ outcome: 'hang', effect: true }));
    const sending = [send(text('msg_a')), send(text('msg_b', '4915550002222'))];
    account.crash();
    const outcomes = await Promise.all(sending);
    expect(outcomes.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(types().at(-1)).toBe('down');
    expect([account.connections, account.linked]).toEqual([0, true]);
  });

  it('is unlinked by its phone, or needs a person', async () => {
    const { ready, account } = stage();
    const first = await ready();
    account.unlinkFromPhone();
    expect(first.events.at(-1)).toEqual({ type: 'logged_out', reason: 'phone' });
    expect(account.linked).toBe(false);
    const second = await ready();
    account.requireAction('blocked');
    expect(second.events.at(-1)).toEqual({ type: 'action_required', reason: 'blocked' });
    expect(account.linked).toBe(true);
  });

  it('is linked by a code, once the code is the right one', async () => {
    const { create, account } = stage();
    const { provider, types, events } = create();
    await provider.start(never());
    const code = await provider.pairing?.requestCode('4915550009999', never());
    expect(events.at(-1)).toEqual({ type: 'pairing_code', ...code });
    expect(() => account.typeCode('WRONG000')).toThrow('waits for that code');
    account.typeCode(code?.code ?? '');
    expect(types().slice(-2)).toEqual(['syncing', 'ready']);
    await expect(provider.pairing?.requestCode('4915550009999', never())).rejects.toMatchObject({
      code: 'not_ready',
    });
  });

  it('shows gestures, only while it is ready', async () => {
    const { world, ready, account } = stage();
    const { provider } = await ready();
    await provider.typing?.setTyping('chat@g.us', 'typing', never());
    await provider.markRead?.markRead('chat@g.us', undefined, never());
    await provider.markRead?.markRead('chat@g.us', 'wa-1', never());
    expect(world.gestures).toEqual([
      { workspaceId: 'ws', sessionId: 'main', kind: 'typing', chat_id: 'chat@g.us' },
      { workspaceId: 'ws', sessionId: 'main', kind: 'read', chat_id: 'chat@g.us' },
      {
        workspaceId: 'ws',
        sessionId: 'main',
        kind: 'read',
        chat_id: 'chat@g.us',
        provider_message_id: 'wa-1',
      },
    ]);
    account.interrupt();
    const late = provider.typing?.setTyping('chat@g.us', 'paused', never());
    await expect(late).rejects.toMatchObject({ code: 'not_ready' });
  });

  it('writes, reacts and reports as WhatsApp does, in groups too', async () => {
    const { ready, account } = stage();
    const { events } = await ready();
    const chat_id = '120363000000000001@g.us';
    const body = { type: 'text', text: { body: 'to all' }, chat_id } as const;
    const id = account.deliver({ lid: '1234@lid', name: 'Bob' }, body);
    account.react(id, '1234@lid', '🎉');
    account.acknowledge(id, 'failed', new GatewayError('rejected', 'No.'));
    expect(events.slice(2)).toMatchObject([
      { message: { is_group: true, chat_id, from: { lid: '1234@lid', name: 'Bob' } } },
      { provider_message_id: id, chat_id, from: { lid: '1234@lid' }, emoji: '🎉' },
      { status: 'failed', error: { code: 'rejected' } },
    ]);
    expect(() => account.edit('wa-none', 'x')).toThrow('no message with that id');
  });
});

describe('options', () => {
  it('offer only what they name', async () => {
    const { create } = stage(
      { echoes: false },
      { abilities: ['typing'], messageTypes: ['text'], pace: { concurrency: 1, intervalMs: 50 } },
    );
    const { provider } = create();
    expect(provider.capabilities).toEqual({
      abilities: ['typing'],
      messageTypes: ['text'],
      pace: { concurrency: 1, intervalMs: 50, jitter: 0 },
    });
    expect(provider.logout).toBeUndefined();
    expect(provider.typing).toBeDefined();
  });

  it('may turn echoes off', async () => {
    const { ready } = stage({ echoes: false, receipts: {} });
    const { send, types } = await ready();
    await send(text('msg_a'));
    expect(types()).toEqual(['syncing', 'ready']);
  });

  it('need room for at least one send', () => {
    const world = new ScriptedWhatsApp();
    expect(() => scriptedProvider({ world, pace: { concurrency: 0 } })).toThrow('at least 1');
  });
});
