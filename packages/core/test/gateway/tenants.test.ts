import { Gateway, MemoryStore, parseWorkspaceConfig, staticWorkspaces } from '@blazz/core';
import { scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

describe('the tenant wall', () => {
  it('hides messages, sessions and events of other workspaces', async () => {
    const { gateway, clock, text } = harness();
    await gateway.start();
    const [ws, other] = [gateway.workspace('ws'), gateway.workspace('other')];
    const { message } = await ws.send(text(1));
    await clock.advance(100);
    await expect(other.message(message.message_id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await other.messages({ limit: 10 })).toEqual([]);
    await expect(other.session('main')).rejects.toMatchObject({ code: 'not_found' });
    await expect(other.send(text(1), { sessionId: 'main' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const events = await other.events({ after: 0, limit: 100 });
    expect(events.events.every((event) => event.workspace_id === 'other')).toBe(true);
    await expect(gateway.workspace('nobody').send(text(1))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(gateway.workspace('nobody').messages({ limit: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(gateway.workspace('nobody').events({ after: 0, limit: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(() => gateway.workspace('../ws')).toThrow(/workspace_id/);
    await clock.play(gateway.stop());
  });

  it('does not even ask for a workspace that may not be looked into', async () => {
    const asked: string[] = [];
    const configs = new Map(
      [
        { workspace_id: 'mine', provider_type: 'scripted', sessions: ['main'] },
        // A session that is called like a workspace, and one whose configuration is wrong.
        { workspace_id: 'theirs', provider_type: 'scripted', sessions: ['mine'] },
        { workspace_id: 'broken', provider_type: 'no_such_provider', sessions: ['broken_main'] },
      ].map((config) => [config.workspace_id, parseWorkspaceConfig(config)]),
    );
    const { gateway, clock } = harness({
      gateway: {
        workspaces: {
          list: async () => [...configs.values()],
          async get(id) {
            asked.push(id);
            return configs.get(id);
          },
        },
      },
    });
    await gateway.start();
    asked.length = 0;
    const covers = (id: string): boolean => id === 'mine';
    await gateway.workspace('theirs').session();
    asked.length = 0;
    for (const id of ['theirs', 'broken', 'broken_main', 'nobody']) {
      expect(await gateway.sessions.find(id, covers)).toBeUndefined();
    }
    expect(asked).toEqual([]);
    expect(await gateway.sessions.find('mine', covers)).toMatchObject({ workspaceId: 'mine' });
    expect(gateway.sessions.list().map((session) => session.workspaceId)).not.toContain('broken');
    await clock.play(gateway.stop());
  });

  it('keeps two gateways of one process apart', async () => {
    const [a, b] = [harness(), harness()];
    await Promise.all([a.gateway.start(), b.gateway.start()]);
    await a.gateway.workspace('ws').send(a.text(1));
    await Promise.all([a.clock.advance(100), b.clock.advance(100)]);
    expect(a.world.effects).toHaveLength(1);
    expect(b.world.effects).toHaveLength(0);
    expect((await b.events()).some((event) => event.type === 'message.status')).toBe(false);
    await Promise.all([a.clock.play(a.gateway.stop()), b.clock.play(b.gateway.stop())]);
  });

  it('takes new workspaces over its own door, and refuses what does not fit', async () => {
    const { clock, world, text } = harness();
    const store = new MemoryStore();
    await using gateway = new Gateway({ store, clock, providers: [scriptedProvider({ world })] });
    await gateway.start();
    const config = await gateway.configure({ workspace_id: 7, provider_type: 'scripted' });
    expect(config).toEqual({
      workspace_id: '7',
      provider_type: 'scripted',
      sessions: [{ session_id: 'session_7' }],
    });
    expect((await gateway.workspace('7').session()).id).toBe('session_7');
    expect((await gateway.sessions.find('7'))?.id).toBe('session_7');
    expect((await gateway.sessions.find('session_7'))?.workspaceId).toBe('7');
    expect(await gateway.sessions.find('nobody')).toBeUndefined();
    for (const [wrong, code] of [
      [{ workspace_id: 'x', provider_type: 'carrier_pigeon' }, 'invalid_config'],
      [{ workspace_id: '../x', provider_type: 'scripted' }, 'invalid_id'],
      [{ workspace_id: 'x', provider_type: 'scripted', sessions: [] }, 'invalid_config'],
      [{ workspace_id: 'x', provider_type: 'scripted', sessions: ['a', 'a'] }, 'invalid_config'],
      [{ workspace_id: 'x', provider_type: 'scripted', sessions: ['session_7'] }, 'conflict'],
      [{ workspace_id: 'session_7', provider_type: 'scripted', sessions: ['a'] }, 'conflict'],
      ['x', 'invalid_config'],
    ] as const) {
      await expect(gateway.configure(wrong)).rejects.toMatchObject({ code });
    }
    await gateway.remove('7');
    await expect(gateway.workspace('7').send(text(1))).rejects.toMatchObject({ code: 'not_found' });
    await expect(gateway.remove('7')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['a workspace twice', [{ workspace_id: 'a' }, { workspace_id: 'a', sessions: ['b'] }]],
    [
      'a session id of two workspaces',
      [
        { workspace_id: 'a', sessions: ['main'] },
        { workspace_id: 'b', sessions: ['main'] },
      ],
    ],
    [
      'a session that is called like another workspace',
      [{ workspace_id: 'a', sessions: ['b'] }, { workspace_id: 'b' }],
    ],
  ])('refuses %s: an id means one thing', (_what, list) => {
    const configs = list.map((config) => ({ provider_type: 'scripted', ...config }));
    expect(() => staticWorkspaces(configs)).toThrow(
      expect.objectContaining({ code: 'invalid_config' }),
    );
  });
});
