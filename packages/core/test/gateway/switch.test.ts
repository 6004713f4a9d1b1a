import { type ProviderFactory, silentLogger, staticWorkspaces } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { type Harness, harness } from '../harness';

const given = {
  workspace_id: 'ws',
  provider_type: 'one',
  settings: { of: 'one' },
  providers: { two: { of: 'two' } },
  sessions: [{ session_id: 'main', providers: { two: { own: true } } }],
};

/** Two ways to reach WhatsApp, each with a world of its own. */
function two(config: unknown = given): Harness & { readonly second: ScriptedWhatsApp } {
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ receipts: {}, clock });
  const second = new ScriptedWhatsApp({ receipts: {}, clock });
  for (const each of [world, second]) each.account('ws', 'main').link();
  const seen: unknown[] = [];
  const factory = (type: string, of: ScriptedWhatsApp) => ({
    ...scriptedProvider({ world: of, type }),
    parse: (settings: unknown) => {
      seen.push([type, settings]);
      return settings;
    },
  });
  const base = harness({
    linked: false,
    gateway: {
      clock,
      providers: [factory('one', world), factory('two', second)],
      workspaces: staticWorkspaces(config === undefined ? [] : [config]),
    },
  });
  return { ...base, clock, world, second };
}

describe('switching a workspace to another provider', () => {
  it('sends what is queued by the new one, nothing twice, and tells of it', async () => {
    const { gateway, clock, world, second, text, events } = two();
    await gateway.start();
    await clock.advance(10);
    const ws = gateway.workspace('ws');
    world.nextSends({ outcome: 'sent', afterMs: 2_000 });
    for (let i = 0; i < 20; i++) await ws.send(text(i % 3, `${i}`));
    await clock.advance(10);
    const switching = gateway.switchProvider('ws', { to: 'two', by: 'key_1' });
    const late = ws.send(text(7, 'while it switches'));
    const inForce = await clock.play(switching);
    await late;
    await clock.advance(10_000);
    expect(inForce).toEqual({
      workspace_id: 'ws',
      provider_type: 'two',
      settings: { of: 'two' },
      providers: { one: { of: 'one' } },
      sessions: [{ session_id: 'main', settings: { own: true } }],
    });
    const messages = await ws.messages({ limit: 100 });
    expect(messages).toHaveLength(21);
    expect(new Set(messages.map(({ status }) => status))).toEqual(new Set(['sent']));
    expect(world.effects.length + second.effects.length).toBe(21);
    expect(second.effects.length).toBeGreaterThan(0);
    const told = (await events()).filter(({ type }) => type === 'provider.switched');
    expect(told).toMatchObject([{ session_id: '', data: { from: 'one', to: 'two', by: 'key_1' } }]);
  });

  it('holds over a restart, until the workspace is configured anew', async () => {
    const under = two(undefined);
    const { gateway, clock, store } = under;
    await gateway.start();
    await gateway.configure({ ...given, workspace_id: 'api', sessions: ['api_main'] });
    await clock.play(gateway.switchProvider('api', { to: 'two', by: 'me' }));
    expect((await gateway.workspace('api').config()).provider_type).toBe('two');
    expect((await store.workspaces.get('api'))?.provider_type).toBe('one');
    await clock.play(gateway.stop());

    const next = harness({
      gateway: {
        store,
        clock,
        providers: ['one', 'two'].map((type) => scriptedProvider({ world: under.world, type })),
        workspaces: staticWorkspaces([]),
      },
    }).gateway;
    await next.start();
    expect((await next.workspace('api').config()).provider_type).toBe('two');
    await clock.play(next.configure({ workspace_id: 'api', provider_type: 'one' }));
    expect((await next.workspace('api').config()).provider_type).toBe('one');
    await clock.play(next.stop());
  });

  it('is told of though the process dies right after it', async () => {
    const { gateway, clock, store, world } = two(undefined);
    await gateway.start();
    await gateway.configure({ ...given, workspace_id: 'api', sessions: ['api_main'] });
    const choose = store.workspaces.choose.bind(store.workspaces);
    // Nothing of what the dead process wants after the choice comes to the store.
    const dead = new Promise<never>(() => undefined);
    const died = new Promise<void>((resolve) => {
      store.workspaces.choose = async (...args) => {
        await choose(...args);
        resolve();
        return dead;
      };
    });
    void gateway.switchProvider('api', { to: 'two', by: 'key_1' });
    await died;
    store.workspaces.choose = choose;
    const next = harness({
      gateway: {
        store,
        clock,
        providers: ['one', 'two'].map((type) => scriptedProvider({ world, type })),
        workspaces: staticWorkspaces([]),
      },
    });
    await next.gateway.start();
    expect((await next.gateway.workspace('api').config()).provider_type).toBe('two');
    const log = await store.events.read('api', { after: 0, limit: 100 });
    const told = log.events.filter(({ type }) => type === 'provider.switched');
    expect(told).toMatchObject([{ data: { from: 'one', to: 'two', by: 'key_1' } }]);
    await clock.play(next.gateway.stop());
  });

  it('is taken back by a new configuration though the process dies right after that is written', async () => {
    const { gateway, clock, store, world } = two(undefined);
    await gateway.start();
    const config = { ...given, workspace_id: 'api', sessions: ['api_main'] };
    await gateway.configure(config);
    await clock.play(gateway.switchProvider('api', { to: 'two', by: 'me' }));
    const { workspaces } = store;
    const put = workspaces.put.bind(workspaces);
    const died = new Promise<void>((resolve) => {
      workspaces.put = async (...args) => {
        await put(...args);
        resolve();
        return new Promise<never>(() => undefined);
      };
    });
    void gateway.configure(config);
    await died;
    workspaces.put = put;
    const next = harness({
      gateway: {
        store,
        clock,
        providers: ['one', 'two'].map((type) => scriptedProvider({ world, type })),
        workspaces: staticWorkspaces([]),
      },
    });
    await next.gateway.start();
    expect((await next.gateway.workspace('api').config()).provider_type).toBe('one');
    await clock.play(next.gateway.stop());
  });

  it('is named by what fails once it cannot run as it is configured, with how to undo it', async () => {
    const { gateway, clock, store, world } = two(undefined);
    await gateway.start();
    await gateway.configure({ ...given, workspace_id: 'api', sessions: ['api_main'] });
    await clock.play(gateway.switchProvider('api', { to: 'two', by: 'key_1' }));
    await clock.play(gateway.stop());
    const lines: unknown[] = [];
    const error = (_: string, fields?: { readonly error?: unknown }) => lines.push(fields?.error);
    const next = harness({
      gateway: {
        store,
        clock,
        providers: [scriptedProvider({ world, type: 'one' })],
        workspaces: staticWorkspaces([]),
        logger: { ...silentLogger, error },
      },
    });
    await next.gateway.start();
    const why = expect.stringMatching(
      /"two" is not one .* was switched to "two" by key_1.*blazz workspace switch api .*POST/,
    );
    expect(lines).toMatchObject([{ code: 'invalid_config', message: why }]);
    await expect(next.gateway.workspace('api').session()).rejects.toMatchObject({ message: why });
    await clock.play(next.gateway.switchProvider('api', { to: 'one', by: 'key_1' }));
    expect((await next.gateway.workspace('api').session()).provider).toBeDefined();
    await clock.play(next.gateway.stop());
  });

  it('takes new settings for a workspace of the API, and for no other', async () => {
    const { gateway, clock, store } = two();
    await gateway.start();
    const settings = { of: 'two', token: 'new' };
    const refused = gateway.switchProvider('ws', { to: 'two', settings, by: 'me' });
    await expect(clock.play(refused)).rejects.toMatchObject({ code: 'conflict' });
    expect((await gateway.workspace('ws').config()).provider_type).toBe('one');
    await gateway.configure({ workspace_id: 'api', provider_type: 'one', settings: { a: 1 } });
    const inForce = await clock.play(
      gateway.switchProvider('api', { to: 'two', settings, by: 'me' }),
    );
    expect(inForce).toMatchObject({ provider_type: 'two', settings, providers: { one: { a: 1 } } });
    expect(await store.workspaces.get('api')).toMatchObject({
      provider_type: 'one',
      settings: { a: 1 },
      providers: { two: settings },
    });
    const back = await clock.play(gateway.switchProvider('api', { to: 'one', by: 'me' }));
    expect(back).toMatchObject({ provider_type: 'one', settings: { a: 1 } });
  });

  it('changes nothing when there is no such workspace or provider', async () => {
    const { gateway, clock, events } = two();
    await gateway.start();
    await clock.advance(10);
    const to = (workspaceId: string, type: string) =>
      clock.play(gateway.switchProvider(workspaceId, { to: type, by: 'me' }));
    await expect(to('nobody', 'two')).rejects.toMatchObject({ code: 'not_found' });
    await expect(to('ws', 'three')).rejects.toMatchObject({ code: 'invalid_config' });
    const before = (await events()).length;
    expect(await to('ws', 'one')).toMatchObject({ provider_type: 'one' });
    expect(await events()).toHaveLength(before);
  });
});

it('a workspace that is removed while others are resumed is not started any more', async () => {
  const steps = new EventTarget();
  const step = (name: string): Promise<unknown> =>
    new Promise((resolve) => steps.addEventListener(name, resolve, { once: true }));
  const [reached, gate] = [step('reached'), step('open')];
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ receipts: {}, clock });
  const base = scriptedProvider({ world });
  const factory: ProviderFactory = {
    ...base,
    create: (context) => base.create(context),
    linked: async (workspaceId) => {
      steps.dispatchEvent(new Event('reached'));
      if (workspaceId === 'ws') await gate;
      return true;
    },
  };
  const { gateway, store } = harness({
    gateway: { clock, providers: [factory], workspaces: staticWorkspaces([]) },
  });
  await store.start();
  for (const id of ['ws', 'ws_late']) {
    await gateway.configure({ workspace_id: id, provider_type: 'scripted', sessions: [`${id}_1`] });
  }
  const starting = gateway.start();
  await reached;
  await gateway.remove('ws_late');
  steps.dispatchEvent(new Event('open'));
  await starting;
  expect(gateway.sessions.list().map(({ id }) => id)).toEqual(['ws_1']);
  await clock.play(gateway.stop());
});
