import type { SessionRecord } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { eachWithStore, type StoreHarness } from './store-harness';

/** A session's record. */
export function aSession(facts: Partial<SessionRecord> = {}): SessionRecord {
  return {
    workspace_id: 'ws',
    session_id: 'main',
    provider: 'scripted',
    state: 'ready',
    since: 1_767_225_600_000,
    desired: 'running',
    account: { phone: '4915550001111', name: 'Ann', platform: 'android' },
    ...facts,
  };
}

/**
 * What every `SessionStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function sessionContract(name: string, harness: StoreHarness): void {
  describe(`${name}: sessions`, () => {
    const under = eachWithStore(harness);

    it('keeps a record as it was written, and writes it whole', async () => {
      const { sessions } = under.store;
      expect(await sessions.get('ws', 'main')).toBeUndefined();
      const error = { code: 'timeout', message: 'Too slow.', retryable: true } as const;
      const first = aSession({ reason: 'network', last_error: error });
      await sessions.save(first);
      expect(await sessions.get('ws', 'main')).toEqual(first);
      const second = aSession({ state: 'stopped', desired: 'stopped' });
      await sessions.save(second);
      expect(await sessions.get('ws', 'main')).toEqual(second);
    });

    it('lists those of a workspace, or all, by name', async () => {
      const { sessions } = under.store;
      for (const [workspace_id, session_id] of [
        ['ws_2', 'main'],
        ['ws_1', 'b'],
        ['ws_1', 'a'],
      ] as const) {
        await sessions.save(aSession({ workspace_id, session_id }));
      }
      const names = async (workspaceId?: string) =>
        (await sessions.list(workspaceId)).map((s) => `${s.workspace_id}/${s.session_id}`);
      expect(await names()).toEqual(['ws_1/a', 'ws_1/b', 'ws_2/main']);
      expect(await names('ws_1')).toEqual(['ws_1/a', 'ws_1/b']);
      expect(await names('ws_3')).toEqual([]);
    });

    it('forgets one session, not its namesake elsewhere', async () => {
      const { sessions } = under.store;
      await sessions.save(aSession({ workspace_id: 'ws_1' }));
      await sessions.save(aSession({ workspace_id: 'ws_2', state: 'failed' }));
      await sessions.delete('ws_1', 'main');
      await sessions.delete('ws_1', 'main');
      expect(await sessions.get('ws_1', 'main')).toBeUndefined();
      expect(await sessions.get('ws_2', 'main')).toMatchObject({ state: 'failed' });
    });

    it('takes a write without an epoch from anybody', async () => {
      const { sessions, leases } = under.store;
      const now = under.clock.now();
      for (const holder of ['one', 'two']) {
        const lease = { resource: 'session/ws/main', holder, now, ttlMs: 0, graceMs: 0 };
        await leases.acquire(lease);
      }
      await sessions.save(aSession({ desired: 'stopped' }));
      expect(await sessions.get('ws', 'main')).toMatchObject({ desired: 'stopped' });
    });
  });
}
