import {
  Gateway,
  GatewayError,
  type IntakeEntry,
  type ProviderEvent,
  type ProviderFactory,
  parseWorkspaceConfig,
  staticWorkspaces,
} from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { type Harness, harness } from '../harness';
import { ids, post, posting, workspaces } from './posting';
import { postingProvider, received } from './posting-provider';

function entry(id: string): IntakeEntry {
  const body = JSON.stringify({ account: '1', events: [received(id)] });
  return {
    entry_id: `in_${id}`,
    workspace_id: 'ws',
    session_id: 'main',
    source: 'scripted',
    body,
    received_at: 1,
  };
}

describe('what a platform posts', () => {
  it('goes to the sessions whose accounts it names, in order, and once', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    const batch = [
      { account: '1', events: [received('a'), received('b')] },
      { account: '2', events: [received('c')] },
      { account: '1', events: [received('d'), received('a')] },
    ];
    expect(await post(gateway, 'ws', batch)).toBe(3);
    await post(gateway, 'main', batch);
    await clock.advance(10);
    const told = await ids(under);
    expect(told.filter((id) => id.startsWith('main'))).toEqual(['main:a', 'main:b', 'main:d']);
    expect(told.filter((id) => id.startsWith('second'))).toEqual(['second:c']);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 0 });
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('is a change once where the platform names it, and each time where it does not', async () => {
    const { gateway, clock, events } = posting();
    await gateway.start();
    const edited = (text: string, key?: string): ProviderEvent => ({
      type: 'message.edited',
      provider_message_id: 'a',
      chat_id: 'chat',
      text,
      ...(key === undefined ? {} : { key }),
    });
    const changes = [edited('one', 'x'), edited('two', 'y'), edited('three')];
    for (let time = 0; time < 2; time++)
      await post(gateway, 'ws', [{ account: '1', events: changes }]);
    await clock.advance(10);
    const told = (await events('ws')).flatMap((event) =>
      event.type === 'message.edited' ? [event.data] : [],
    );
    expect(told.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'three']);
    expect(told[0]).not.toHaveProperty('key');
  });

  it('reaches another tenant only where that tenant has the same app', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    await post(gateway, 'ws', [
      { account: '3', events: [received('a')] },
      { account: '4', events: [received('b')] },
    ]);
    await clock.advance(10);
    expect(await ids(under, 'other')).toEqual(['other_main:a']);
    expect(await ids(under, 'stranger')).toEqual([]);
    const unclaimed = await gateway.intake.unclaimed.list({ limit: 10 });
    expect(unclaimed).toMatchObject([
      { workspace_id: '', session_id: '', account: '4', error: { code: 'not_found' } },
    ]);
    for (const id of ['ws', 'stranger']) {
      expect(await gateway.intake.quarantined(id, { limit: 10 })).toEqual([]);
    }
  });

  it('is looked up once a second at most, however many strangers ask, and at once after a change', async () => {
    const clock = new ManualClock();
    let readings = 0;
    const none = staticWorkspaces([]);
    const list = async () => {
      readings += 1;
      return [];
    };
    const world = new ScriptedWhatsApp({ receipts: {}, clock });
    const { gateway } = harness({
      linked: false,
      gateway: { clock, providers: [postingProvider({ world })], workspaces: { ...none, list } },
    });
    await gateway.start();
    readings = 0;
    const ask = () => post(gateway, 'shop_main', [{ account: '9' }]);
    for (let time = 0; time < 50; time++) {
      await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(readings).toBe(1);
    await gateway.configure({
      workspace_id: 'shop',
      provider_type: 'scripted',
      settings: { secret: 'app', account: '9' },
      sessions: ['shop_main'],
    });
    expect(await ask()).toBe(1);
    await clock.play(gateway.stop());
  });

  it('is refused when nobody here can prove it, and answers handshakes', async () => {
    const { gateway } = posting();
    await gateway.start();
    const refused = post(gateway, 'ws', [{ account: '1' }], 'forged');
    await expect(refused).rejects.toMatchObject({ code: 'signature_invalid' });
    await expect(post(gateway, 'nobody', [])).rejects.toMatchObject({ code: 'not_found' });
    const ask = (token: string) =>
      gateway.intake.handshake('second', { token, challenge: 'echo me' });
    expect(await ask('app')).toBe('echo me');
    await expect(ask('forged')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is proven by the secret of the account that a part is about, where a seat has several', async () => {
    const world = new ScriptedWhatsApp({ receipts: {} });
    const plain = postingProvider({ world });
    const secrets: Readonly<Record<string, string>> = { 1: 'of one', 2: 'of two' };
    const factory: ProviderFactory = {
      ...(plain as ProviderFactory),
      webhook: {
        ...(plain.webhook as NonNullable<ProviderFactory['webhook']>),
        verify: (_settings, header, _body, account) =>
          Object.entries(secrets).some(
            ([own, secret]) =>
              header('x-secret') === secret && (account === undefined || account === own),
          ),
        accounts: () => Object.keys(secrets),
      },
    };
    const under = posting(true, { providers: [factory] });
    await under.gateway.start();
    const parts = ['1', '2', '1'].map((account, n) => ({ account, events: [received(`m${n}`)] }));
    await post(under.gateway, 'ws', parts, 'of one');
    await under.clock.advance(10);
    expect(await ids(under)).toEqual(['main:m0', 'main:m2']);
    const aside = await under.gateway.intake.unclaimed.list({ limit: 9 });
    expect(aside.map(({ error }) => error.code)).toEqual(['not_found']);
    await post(under.gateway, 'ws', parts.slice(1, 2), 'of two');
    await under.clock.advance(10);
    expect(await ids(under)).toEqual(['main:m0', 'main:m2', 'main:m1']);
    await under.clock.play(under.gateway.stop());
  });

  it('is set aside when it cannot be read, does not hold up the rest, and can be released', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    expect(await post(gateway, 'ws', 'no JSON')).toBe(0);
    await post(gateway, 'ws', [
      { account: '1', poison: true },
      { account: '1', events: [received('a')] },
    ]);
    await clock.advance(10);
    expect(await ids(under)).toEqual(['main:a']);
    const aside = await gateway.intake.quarantined('ws', { limit: 10 });
    const poison = JSON.stringify({ account: '1', poison: true });
    expect(aside).toMatchObject([{ session_id: 'main', body: poison }]);
    // Nobody can tell whose it is.
    const unclaimed = await gateway.intake.unclaimed.list({ limit: 10 });
    expect(unclaimed).toMatchObject([{ body: 'no JSON', error: { code: 'bad_request' } }]);
    await gateway.intake.release('ws', aside[0]?.entry_id ?? '');
    await clock.advance(10);
    expect(await gateway.intake.quarantined('ws', { limit: 10 })).toHaveLength(1);
    for (const { entry_id } of aside) await gateway.intake.discard('ws', entry_id);
    await expect(gateway.intake.discard('ws', 'in_none')).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(gateway.intake.release('ws', 'in_none')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is recorded though the session does not run, and its lease is given back', async () => {
    const under = posting(false);
    const { gateway, clock, store } = under;
    await gateway.start();
    await post(gateway, 'main', [{ account: '1', events: [received('a')] }]);
    await clock.advance(10);
    expect(await ids(under)).toEqual(['main:a']);
    const lease = await store.leases.get('session/ws/main');
    expect(lease?.expires_at).toBe(0);
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('is read by the next process when this one ended before', async () => {
    const under = posting();
    const { store, clock, world } = under;
    await store.intake.put([entry('a')]);
    const gateway = new Gateway({
      store,
      providers: [postingProvider({ world })],
      workspaces: staticWorkspaces(workspaces),
      clock,
    });
    await gateway.start();
    await clock.advance(10);
    expect(await ids(under)).toEqual(['main:a']);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 0 });
  });

  it('is read at whatever moment of the reading before it comes', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    await clock.advance(10);
    const { waiting } = store.intake;
    let late: (() => void) | undefined;
    store.intake.waiting = async (...args) => {
      const found = await waiting.apply(store.intake, args);
      if (found.length === 0) late?.();
      return found;
    };
    for (let turns = 0; turns < 30; turns++) {
      // One more comes in so many turns after the look that found nothing more.
      late = () => {
        late = undefined;
        let wait = Promise.resolve();
        for (let i = 0; i < turns; i++) wait = wait.then(() => undefined);
        void wait.then(() => gateway.sessions.find('main').then((session) => session?.read()));
        void store.intake.put([entry(`late-${turns}`)]);
      };
      await post(gateway, 'main', [{ account: '1', events: [received(`first-${turns}`)] }]);
      await clock.advance(10);
      expect((await store.intake.depth()).waiting, `after ${turns} turns`).toBe(0);
    }
    expect(new Set(await ids(under)).size).toBe(60);
  });

  it('waits for a store that is away, and loses nothing', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    await clock.advance(10);
    const { append } = store.events;
    let away = true;
    store.events.append = async (...args) => {
      if (away) throw Object.assign(new Error('gone'), { code: 'EIO' });
      return await append.apply(store.events, args);
    };
    await post(gateway, 'ws', [{ account: '1', events: [received('a')] }]);
    await clock.advance(100);
    expect(await ids(under)).toEqual([]);
    expect((await store.intake.depth()).waiting).toBe(1);
    away = false;
    await clock.advance(60_000);
    expect(await ids(under)).toEqual(['main:a']);
    expect((await store.intake.depth()).waiting).toBe(0);
  });

  it('is set aside alone when the store refuses what it says for good', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    const append = store.events.append.bind(store.events);
    store.events.append = async (fence, drafts) => {
      if (JSON.stringify(drafts).includes('too large')) {
        throw new GatewayError('payload_too_large', 'The store does not take this event.');
      }
      return append(fence, drafts);
    };
    const events = (id: string, body?: string) => [received(id, body)];
    await post(gateway, 'ws', [
      { account: '1', events: events('a') },
      { account: '1', events: events('b', 'too large') },
      { account: '1', events: events('c') },
    ]);
    await clock.advance(1_000);
    expect(await ids(under)).toEqual(['main:a', 'main:c']);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 1 });
    const [aside] = await gateway.intake.quarantined('ws', { limit: 10 });
    expect(aside).toMatchObject({ session_id: 'main', error: { code: 'payload_too_large' } });
    await clock.play(gateway.stop());
  });

  it('is forgotten only once all that it says is durable, an echo too', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    await clock.advance(10);
    // As slow as a disk, each.
    const aWhile = () => new Promise<void>((resolve) => void clock.schedule(100, resolve));
    const append = store.events.append.bind(store.events);
    store.events.append = (...args) => aWhile().then(() => append(...args));
    const applyReceipt = store.outbox.applyReceipt.bind(store.outbox);
    store.outbox.applyReceipt = (...args) => aWhile().then(() => applyReceipt(...args));
    const logged: string[][] = [];
    const remove = store.intake.remove.bind(store.intake);
    store.intake.remove = async (...args) => {
      logged.push((await under.events()).map(({ type }) => type));
      return await remove(...args);
    };
    const event = received('from-the-phone');
    if (event.type !== 'message.received') return;
    const echo: ProviderEvent = { type: 'message.echo', message: event.message };
    await post(gateway, 'ws', [{ account: '1', events: [echo] }]);
    await clock.advance(1_000);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('message.echo');
    await clock.play(gateway.stop());
  });

  it('is read by the secrets and accounts that are configured now', async () => {
    const clock = new ManualClock();
    const world = new ScriptedWhatsApp({ receipts: {}, clock });
    let secret = 'before';
    const config = () =>
      parseWorkspaceConfig({
        workspace_id: 'ws',
        provider_type: 'scripted',
        settings: { secret, account: '1' },
        sessions: ['main'],
      });
    const seen: unknown[] = [];
    const { webhook, ...provider } = postingProvider({ world });
    if (webhook === undefined) throw new Error('It is told by webhooks.');
    const { decode } = webhook;
    const under = harness({
      linked: false,
      gateway: {
        clock,
        providers: [
          {
            ...provider,
            webhook: {
              ...webhook,
              decode(settings: never, body: string) {
                seen.push(settings);
                return decode(settings, body);
              },
            },
          } as ProviderFactory,
        ],
        workspaces: { get: async () => config(), list: async () => [config()] },
      },
    });
    await under.gateway.start();
    const part = (id: string) => [{ account: '1', events: [received(id)] }];
    await post(under.gateway, 'ws', part('a'), 'before');
    await clock.advance(1_000);
    secret = 'after';
    await post(under.gateway, 'ws', part('b'), 'after');
    await clock.advance(1_000);
    expect(await ids({ ...under, clock, world })).toEqual(['main:a', 'main:b']);
    expect(seen).toMatchObject([{ secret: 'before' }, { secret: 'after' }]);
    await clock.play(under.gateway.stop());
  });

  it('settles sends, and tells of templates, contacts and the account', async () => {
    const under = posting();
    const { gateway, clock, text } = under;
    await gateway.start();
    const { message } = await gateway.workspace('ws').send(text(1));
    await clock.advance(10);
    const id = (await gateway.workspace('ws').message(message.message_id)).provider_message_id;
    const template = {
      template_id: '1',
      name: 'order',
      language: 'en',
      change: 'status',
      value: 'PAUSED',
    } as const;
    const alert = { topic: 'account_update', event: 'X', severity: 'critical', raw: {} } as const;
    const contact = {
      identity: { phone: '62811' },
      change: 'preference',
      value: 'stop',
      timestamp: '2026-01-01T00:00:00.000Z',
    } as const;
    const events: readonly ProviderEvent[] = [
      { type: 'message.receipt', provider_message_id: id ?? '', status: 'read' },
      { type: 'message.receipt', provider_message_id: id ?? '', status: 'delivered' },
      { type: 'template.status', template, key: '1' },
      { type: 'account.alert', alert, key: '1' },
      { type: 'contact.updated', contact, key: '1' },
      { type: 'provider.notice', topic: 'flows', raw: { any: 1 }, key: '1' },
    ];
    await post(gateway, 'ws', [{ account: '1', events }]);
    await post(gateway, 'ws', [{ account: '1', events }]);
    await clock.advance(10);
    const told = (await under.events()).filter(({ type }) => type !== 'session.state');
    expect(told.slice(-5).map(({ type, data }) => [type, data])).toEqual([
      ['message.status', expect.objectContaining({ status: 'read' })],
      ['template.status', template],
      ['account.alert', alert],
      ['contact.updated', contact],
      ['provider.notice', { topic: 'flows', raw: { any: 1 } }],
    ]);
  });
});

describe('what the primary application forwards', () => {
  it('is recorded by the session that it is for, once', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    const event = received('a');
    if (event.type !== 'message.received') return;
    await gateway.intake.forward('ws', 'second', event.message);
    await gateway.intake.forward('ws', 'second', event.message);
    await clock.advance(10);
    expect(await ids(under)).toEqual(['second:a']);
    const nowhere = gateway.intake.forward('ws', 'other_main', event.message);
    await expect(nowhere).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what waits', () => {
  const config = { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] };
  const managed = (): Harness => {
    const clock = new ManualClock();
    const world = new ScriptedWhatsApp({ receipts: {}, clock });
    const providers = [postingProvider({ world })];
    const workspaces = staticWorkspaces([]);
    const base = harness({ linked: false, gateway: { clock, providers, workspaces } });
    return { ...base, clock, world };
  };

  it('is read once a session was made anew', async () => {
    const under = managed();
    const { gateway, clock, store } = under;
    await gateway.start();
    await clock.play(gateway.configure(config));
    await store.intake.put([entry('late')]);
    await clock.play(gateway.configure(config));
    await clock.advance(10);
    expect(await ids(under)).toEqual(['main:late']);
    await clock.play(gateway.stop());
  });

  it('is set aside once its session is configured no more', async () => {
    const { gateway, clock, store } = managed();
    await gateway.start();
    await clock.play(gateway.configure(config));
    await store.intake.put([entry('orphan')]);
    await clock.play(gateway.configure({ ...config, sessions: ['new'] }));
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 1 });
    await clock.play(gateway.intake.release('ws', 'in_orphan', 'new'));
    expect(await store.intake.depth('ws')).toMatchObject({ quarantined: 0 });
    await clock.play(gateway.stop());
  });

  it('keeps no gateway from starting, though its workspace cannot run', async () => {
    const clock = new ManualClock();
    const broken = [{ workspace_id: 'ws', provider_type: 'nobody', sessions: ['main'] }];
    const { gateway, store } = harness({
      linked: false,
      gateway: { clock, workspaces: staticWorkspaces(broken) },
    });
    await store.start();
    await store.intake.put([entry('a')]);
    await gateway.start();
    expect(await store.intake.depth()).toEqual({ waiting: 1, quarantined: 0 });
    await clock.play(gateway.stop());
  });
});
