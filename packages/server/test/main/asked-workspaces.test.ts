import {
  firstOf,
  Gateway,
  MemoryStore,
  parseWorkspaceConfig,
  silentLogger,
  staticWorkspaces,
  type WorkspaceChange,
  type WorkspaceConfig,
} from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { expect, it } from 'vitest';
import { AskedWorkspaces } from '../../src/main/asked-workspaces';
import { startInstance } from '../support/instance';

const workspace = (id: string): WorkspaceConfig =>
  parseWorkspaceConfig({ workspace_id: id, provider_type: 'scripted' });
const byStranger = { byStranger: true };

/** Somebody who knows the workspaces whose ids begin with `ws`, and answers when told to. */
function somebody({ workspaces: copies } = new MemoryStore()) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const state = { holds: false, isAway: false, provider_type: 'scripted', gone: new Set<string>() };
  const source = new AskedWorkspaces({
    copies,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    async ask(id) {
      asked.push(id);
      if (state.holds) await new Promise<void>((resolve) => held.push(resolve));
      if (state.isAway) throw new Error('away');
      if (!id.startsWith('ws') || state.gone.has(id)) return undefined;
      return { ...workspace(id), provider_type: state.provider_type };
    },
  });
  const changes: WorkspaceChange[] = [];
  const watch = () => source.watch((change) => changes.push(change));
  return { clock, asked, held, state, source, changes, watch };
}

it('forgets no workspace for ids that were made up, and does not remember all of those', async () => {
  const { asked, source } = somebody();
  await source.get('ws_1');
  for (let i = 0; i < 11_000; i++)
    expect(await source.get(`made_${i}`, byStranger)).toBeUndefined();
  expect(asked).toHaveLength(11_001);
  expect(await source.get('ws_1')).toEqual(workspace('ws_1'));
  expect(await source.list()).toHaveLength(1);
  await source.get('made_10999', byStranger);
  expect(asked).toHaveLength(11_001);
  await source.get('made_0', byStranger);
  expect(asked).toHaveLength(11_002);
});

it('asks again for an id after a while: it may have become a workspace', async () => {
  const { clock, asked, source } = somebody();
  await source.get('nobody');
  await clock.advance(29_999);
  await source.get('nobody', byStranger);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  await source.get('nobody', byStranger);
  expect(asked).toHaveLength(2);
});

it('asks a few questions at a time for strangers, and holds up nobody else meanwhile', async () => {
  const { clock, asked, held, state, source } = somebody();
  await source.get('ws_known');
  state.holds = true;
  const ends = Array.from({ length: 100 }, (_, i) =>
    source.get(`made_${i}`, byStranger).then(
      () => 'answered',
      (error) => error,
    ),
  );
  await clock.advance(0);
  expect(asked.slice(1)).toEqual(['made_0', 'made_1', 'made_2', 'made_3']);
  // Four are asked for, 64 wait; the others hear at once when to come again.
  const refused = await ends[99];
  expect(refused).toMatchObject({ code: 'store_unavailable', retryAfterMs: 5_000 });
  expect(await source.get('ws_known', byStranger)).toBeDefined();
  const caller = source.get('ws_2');
  const joined = source.get('ws_2', byStranger);
  await clock.advance(0);
  expect(asked.at(-1)).toBe('ws_2');
  for (const answer of held.splice(0, 3)) answer();
  await clock.advance(0);
  expect(asked).toHaveLength(9);
  for (const answer of held.splice(0)) answer();
  expect(await caller).toEqual(await joined);
  await clock.advance(2_000);
  state.holds = false;
  for (const answer of held.splice(0)) answer();
  const said = await Promise.all(ends);
  expect(said.filter((each) => each === 'answered').length).toBeLessThan(20);
  expect(clock.pending).toBe(0);
  expect(await source.get('ws_3', byStranger)).toEqual(workspace('ws_3'));
});

it('goes on with what was said last, and asks whoever is away once in a while', async () => {
  const { clock, asked, state, source } = somebody();
  await source.get('ws_1');
  state.isAway = true;
  await clock.advance(30_000);
  for (let i = 0; i < 10; i++) expect(await source.get('ws_1')).toEqual(workspace('ws_1'));
  expect(asked).toHaveLength(2);
  await expect(source.get('ws_2')).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(asked).toHaveLength(2);
  state.isAway = false;
  await clock.advance(5_000);
  await source.get('ws_1');
  expect(asked).toHaveLength(3);
  expect(await source.get('ws_2')).toEqual(workspace('ws_2'));
});

it('answers a flood of made-up addresses with 503 and when to come again', async () => {
  const { state, held, source } = somebody();
  const instance = await startInstance({ gateway: { workspaces: source } });
  try {
    await source.get('ws_1');
    state.holds = true;
    const post = (id: string) =>
      instance.call({ method: 'POST', path: `/webhook/whatsapp/${id}`, body: '{}' });
    const flood = Array.from({ length: 80 }, (_, i) => post(`made_${i}`));
    const first = await Promise.race(flood);
    expect(first).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(first.json.error.code).toBe('store_unavailable');
    // A workspace that is known, by its own id or its session's, is not held up: nothing is signed here.
    expect((await post('ws_1')).status).not.toBe(503);
    expect((await post('session_ws_1')).status).not.toBe(503);
    state.holds = false;
    const letGo = setInterval(() => {
      for (const answer of held.splice(0)) answer();
    }, 5);
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    clearInterval(letGo);
    expect(new Set(statuses)).toEqual(new Set([404, 503]));
  } finally {
    await instance[Symbol.asyncDispose]();
  }
});

it('waits for nobody about what it knows while nobody answers, and asks about each once somebody does', async () => {
  const { clock, asked, state, source } = somebody();
  for (const id of ['ws_1', 'ws_2', 'ws_3']) await source.get(id);
  state.isAway = true;
  await clock.advance(30_000);
  for (const id of ['ws_1', 'ws_2', 'ws_3']) expect(await source.get(id)).toEqual(workspace(id));
  expect(asked).toHaveLength(4);
  state.isAway = false;
  await clock.advance(5_000);
  for (const id of ['ws_1', 'ws_2', 'ws_3']) await source.get(id);
  expect(asked).toHaveLength(7);
});

it('has nobody wait for a slow answer about what it knows, and asks once behind them', async () => {
  const { clock, asked, held, state, source, changes, watch } = somebody();
  await source.get('ws_1');
  watch();
  Object.assign(state, { holds: true, provider_type: 'other' });
  await clock.advance(30_000);
  for (let i = 0; i < 10; i++) expect(await source.get('ws_1')).toEqual(workspace('ws_1'));
  expect(asked).toHaveLength(2);
  held.pop()?.();
  await clock.advance(0);
  expect(changes).toEqual([{ workspaceId: 'ws_1', kind: 'changed' }]);
  expect(await source.get('ws_1')).toMatchObject({ provider_type: 'other' });
  expect(asked).toHaveLength(2);
});

it('says at once that nobody answers, also about an id that is not known, and asks one question to find out', async () => {
  const { clock, asked, held, state, source } = somebody();
  state.isAway = true;
  await expect(source.get('ws_1')).rejects.toMatchObject({ retryAfterMs: 5_000 });
  for (const lookUp of [{}, byStranger]) {
    await expect(source.get('ws_2', lookUp)).rejects.toMatchObject({
      code: 'store_unavailable',
      retryAfterMs: 5_000,
      message: expect.stringContaining('primary application'),
    });
  }
  expect(asked).toEqual(['ws_1']);
  await clock.advance(5_000);
  state.holds = true;
  const probe = source.get('ws_1').catch((error) => error);
  await clock.advance(0);
  await expect(source.get('ws_2')).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(asked).toEqual(['ws_1', 'ws_1']);
  held.pop()?.();
  expect(await probe).toMatchObject({ code: 'store_unavailable', retryAfterMs: 10_000 });
  Object.assign(state, { holds: false, isAway: false });
  await clock.advance(10_000);
  expect(await source.get('ws_2')).toEqual(workspace('ws_2'));
});

it('starts a thousand workspaces from what was said before, and asks for them behind, a few at a time', async () => {
  const store = new MemoryStore();
  const ids = Array.from({ length: 1_000 }, (_, i) => `ws_${i}`);
  for (const id of ids) await store.workspaces.saveCopy(workspace(id));
  const { clock, asked, held, state, source } = somebody(store);
  state.holds = true;
  const world = new ScriptedWhatsApp({ clock });
  for (const id of ids) world.account(id, `session_${id}`).link();
  const providers = [scriptedProvider({ world })];
  const gateway = new Gateway({ store, clock, providers, workspaces: source });
  await gateway.start();
  expect(gateway.sessions.list()).toHaveLength(1_000);
  expect(asked).toHaveLength(4);
  // Nobody answers: one question finds out, again and again, and then all others are asked.
  state.isAway = true;
  for (const answer of held.splice(0)) answer();
  await clock.advance(6_000);
  expect(held).toHaveLength(1);
  state.isAway = false;
  let most = 0;
  while (new Set(asked).size < 1_000 || held.length > 0) {
    most = Math.max(most, held.length);
    for (const answer of held.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
    if (held.length === 0) await clock.advance(1_000);
  }
  expect(most).toBe(4);
  state.holds = false;
  await clock.play(gateway.stop());
  expect(clock.pending).toBe(0);
});

it('asks by itself whether a workspace is gone, and later whether it is back, ever less often and not for ever', async () => {
  const { clock, asked, state, source, changes, watch } = somebody();
  const end = watch();
  await source.get('ws_1');
  state.gone.add('ws_1');
  await clock.advance(30_000);
  await source.get('ws_1');
  await clock.advance(45_000);
  expect(changes.map(({ kind }) => kind)).toEqual(['added', 'removed']);
  expect(await source.get('ws_1')).toBeUndefined();
  await clock.advance(3_600_000);
  const inAnHour = asked.length;
  expect(inAnHour).toBeLessThan(12);
  state.gone.clear();
  await clock.advance(3_600_000);
  expect(changes.map(({ kind }) => kind)).toEqual(['added', 'removed', 'added']);
  state.gone.add('ws_1');
  await clock.advance(3_600_000);
  await source.get('ws_1');
  await clock.advance(48 * 3_600_000);
  expect(clock.pending).toBe(0);
  expect(asked.length).toBeLessThan(inAnHour + 40);
  await source.get('ws_2');
  state.gone.add('ws_2');
  await clock.advance(30_000);
  await source.get('ws_2');
  expect(clock.pending).toBe(1);
  end();
  expect(clock.pending).toBe(0);
});

it('has nobody wait for an answer about what another source knows, and still comes first', async () => {
  const { clock, held, state, source, changes, watch } = somebody();
  watch();
  state.holds = true;
  const stored = staticWorkspaces(
    ['ws_1', 'own'].map((id) => ({ ...workspace(id), settings: {} })),
  );
  const both = firstOf([firstOf([source]), stored]);
  for (const id of ['ws_1', 'own']) expect(await both.get(id)).toMatchObject({ settings: {} });
  for (const answer of held.splice(0)) answer();
  await clock.advance(0);
  expect(changes).toEqual([{ workspaceId: 'ws_1', kind: 'changed' }]);
  expect(await both.get('ws_1')).toEqual(workspace('ws_1'));
  expect(await both.get('own')).toMatchObject({ settings: {} });
});
