import {
  Gateway,
  GatewayError,
  type LogFields,
  MemoryStore,
  type ProviderFactory,
  parseWorkspaceConfig,
  silentLogger,
  staticWorkspaces,
  type WorkspaceConfig,
  type WorkspaceSource,
} from '@blazz/core';
import { scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { type HarnessOptions, harness } from '../harness';

const config = (id: string): WorkspaceConfig =>
  parseWorkspaceConfig({ workspace_id: id, provider_type: 'scripted', sessions: [`${id}_main`] });

/** A gateway over workspaces that cannot be had as long as they are `away`. */
function wobbly(ids: readonly string[], more: HarnessOptions['gateway'] = {}) {
  const away = new Set<string>();
  const gone = new Set<string>();
  const lines: LogFields[] = [];
  const state = { under: 0, most: 0, isListed: true };
  const tell: { added: (workspaceId: string) => void } = { added: () => undefined };
  const workspaces: WorkspaceSource = {
    async get(id) {
      state.most = Math.max(state.most, ++state.under);
      await new Promise((resolve) => setImmediate(resolve));
      state.under -= 1;
      if (away.has(id)) throw new GatewayError('store_unavailable', 'Away.');
      return ids.includes(id) && !gone.has(id) ? config(id) : undefined;
    },
    async list() {
      if (!state.isListed) throw new Error('no list');
      return ids.map(config);
    },
    watch(listener) {
      tell.added = (workspaceId) => listener({ workspaceId, kind: 'added' });
      return () => undefined;
    },
  };
  const logger = {
    ...silentLogger,
    warn: (_: string, fields: LogFields = {}) => void lines.push(fields),
  };
  const base = harness({ linked: false, gateway: { workspaces, logger, ...more } });
  for (const id of ids) base.world.account(id, `${id}_main`).link();
  const running = () => base.gateway.sessions.list().map(({ workspaceId }) => workspaceId);
  return { ...base, away, gone, lines, state, tell, running };
}

describe('a workspace that could not be resumed at the start', () => {
  it('keeps no other from running, and is tried again until it runs', async () => {
    const { gateway, clock, away, lines, running } = wobbly(['ws_1', 'ws_2']);
    away.add('ws_1');
    await gateway.start();
    expect(running()).toEqual(['ws_2']);
    expect(gateway.unresumed).toBe(1);
    await clock.advance(600_000);
    expect(gateway.unresumed).toBe(1);
    const tries = lines.filter(({ workspace_id }) => workspace_id === 'ws_1');
    expect(tries.slice(0, 3).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(Math.max(...tries.map(({ duration_ms = 0 }) => duration_ms))).toBe(45_000);
    away.clear();
    await clock.advance(60_000);
    expect(running()).toEqual(['ws_2', 'ws_1']);
    expect(gateway.unresumed).toBe(0);
    await clock.play(gateway.stop());
  });

  it('reads what came in for it once it runs', async () => {
    const { gateway, clock, away, store, events } = wobbly(['ws_1']);
    await store.intake.put([
      {
        entry_id: 'in_1',
        workspace_id: 'ws_1',
        session_id: 'ws_1_main',
        source: 'forwarded',
        body: JSON.stringify({
          provider_message_id: 'wamid.1',
          chat: { kind: 'user', phone: '628120000001' },
          from: { phone: '628120000001' },
          from_me: false,
          timestamp: new Date(clock.now()).toISOString(),
          type: 'text',
          text: { body: 'hello' },
        }),
        received_at: clock.now(),
      },
    ]);
    away.add('ws_1');
    await gateway.start();
    away.clear();
    await clock.advance(2_000);
    const types = (await events('ws_1')).map(({ type }) => type);
    expect(types).toContain('message.received');
    await clock.play(gateway.stop());
  });

  it('is tried no more once it is gone, or the gateway stops', async () => {
    const { gateway, clock, away, gone, running } = wobbly(['ws_1', 'ws_2']);
    for (const id of ['ws_1', 'ws_2']) away.add(id);
    await gateway.start();
    expect(gateway.unresumed).toBe(2);
    away.delete('ws_1');
    gone.add('ws_1');
    await clock.advance(60_000);
    expect(gateway.unresumed).toBe(1);
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
    expect(running()).toEqual([]);
  });

  it('is one of a few that are tried at the same time', async () => {
    const ids = Array.from({ length: 200 }, (_, nth) => `ws_${nth}`);
    const { gateway, clock, away, state } = wobbly(ids);
    for (const id of ids) away.add(id);
    await gateway.start();
    expect(gateway.unresumed).toBe(200);
    state.most = 0;
    away.clear();
    await clock.advance(2_000);
    expect(gateway.sessions.list()).toHaveLength(200);
    expect(state.most).toBeLessThan(20);
    await clock.play(gateway.stop());
  });

  it('takes one turn, also where it failed before the workspaces could be listed', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `ws_${i}`);
    const { gateway, clock, away, state, tell, running } = wobbly(ids);
    state.isListed = false;
    for (const id of ids) away.add(id);
    await gateway.start();
    for (const id of ids) tell.added(id);
    while (gateway.unresumed < ids.length + 1) await clock.advance(0);
    away.clear();
    state.isListed = true;
    await clock.advance(60_000);
    expect(gateway.unresumed).toBe(0);
    expect(running()).toHaveLength(20);
    await clock.play(gateway.stop());
  });

  it('may be one whose source could not list it', async () => {
    const { gateway, clock, state, running, store, world } = wobbly(['ws_1']);
    await store.workspaces.put(config('own'));
    world.account('own', 'own_main').link();
    state.isListed = false;
    await gateway.start();
    await clock.advance(2_000);
    expect(running()).toEqual(['own']);
    expect(gateway.unresumed).toBe(1);
    state.isListed = true;
    await clock.advance(10_000);
    expect(running()).toEqual(['own', 'ws_1']);
    expect(gateway.unresumed).toBe(0);
    await clock.play(gateway.stop());
  });

  it('waits for another configuration when it cannot run as it is configured', async () => {
    const none = { workspaces: staticWorkspaces([]) };
    const { gateway, clock, store, world } = harness({ gateway: none });
    world.account('ws_1', 'ws_1_main').link();
    await store.workspaces.put({ ...config('ws_1'), provider_type: 'unheard_of' });
    await gateway.start();
    expect(gateway.unresumed).toBe(0);
    await gateway.configure(config('ws_1'));
    expect(gateway.sessions.list()).toHaveLength(1);
    await clock.play(gateway.stop());
  });

  it('may be one whose session the store could not tell of', async () => {
    const { gateway, clock, store, running } = wobbly(['ws_1']);
    const { get } = store.sessions;
    store.sessions.get = async () => {
      throw new GatewayError('store_unavailable', 'Away.');
    };
    await gateway.start();
    expect([running(), gateway.unresumed]).toEqual([[], 1]);
    store.sessions.get = get;
    await clock.advance(1_000);
    expect([running(), gateway.unresumed]).toEqual([['ws_1'], 0]);
    await clock.play(gateway.stop());
  });
});

it('a workspace that was switched is resumed later when it cannot be now', async () => {
  const isLinked = { one: true };
  const { world, clock } = harness();
  const base = scriptedProvider({ world, type: 'two' });
  const two: ProviderFactory = {
    ...base,
    create: (context) => base.create(context),
    async linked() {
      if (isLinked.one) return true;
      throw new Error('the folder cannot be read');
    },
  };
  const store = new MemoryStore();
  await using gateway = new Gateway({
    store,
    clock,
    random: () => 0.5,
    providers: [scriptedProvider({ world, type: 'one' }), two],
    workspaces: staticWorkspaces([
      { workspace_id: 'ws', provider_type: 'one', sessions: ['main'] },
    ]),
  });
  await gateway.start();
  isLinked.one = false;
  await clock.play(gateway.switchProvider('ws', { to: 'two', by: 'me' }));
  expect([gateway.sessions.list(), gateway.unresumed]).toEqual([[], 1]);
  isLinked.one = true;
  await clock.advance(1_000);
  expect(gateway.sessions.list()).toHaveLength(1);
  await clock.play(gateway.stop());
});
