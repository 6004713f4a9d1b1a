import { type ProviderFactory, staticWorkspaces } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { expect, it } from 'vitest';
import { startInstance } from '../support/instance';

it('asks the member that is named, of a session that several carry', async () => {
  const names = ['first', 'second'];
  const worlds = names.map(() => new ScriptedWhatsApp({ receipts: {} }));
  const members = worlds.map((world, n) => scriptedProvider({ world, type: names[n] ?? '' }));
  const factory = fallbackProvider({ members }) as ProviderFactory;
  const settings = { members: names.map((provider) => ({ provider })) };
  await using instance = await startInstance({
    gateway: {
      providers: [factory],
      workspaces: staticWorkspaces([
        { workspace_id: 'own', provider_type: 'fallback', settings, sessions: ['own_main'] },
      ]),
    },
  });
  const session = await instance.gateway.workspace('own').session();
  for (const world of worlds) world.account('own', session.id).link();
  session.resume();
  await expect
    .poll(() => session.members.map(({ state }) => state), { timeout: 10_000 })
    .toEqual(['ready', 'ready']);
  const typing = (query: string) =>
    instance.call({
      method: 'POST',
      path: `/internal/session/own/typing${query}`,
      key: instance.keys.own,
      body: { to: '4915112345678', state: 'typing' },
    });
  const shown = () => worlds.map(({ gestures }) => gestures.length);
  expect((await typing('')).status).toBe(200);
  expect(shown()).toEqual([1, 0]);
  expect((await typing('?member=second')).status).toBe(200);
  expect(shown()).toEqual([1, 1]);
  const none = await typing('?member=third');
  expect(none.status).toBe(409);
  expect(none.json.error).toMatchObject({ code: 'conflict', details: { member: 'third' } });
  const templates = await instance.call({
    method: 'GET',
    path: '/internal/session/own/templates?member=second&limit=5',
    key: instance.keys.own,
  });
  expect(templates.status).toBe(409);
});
