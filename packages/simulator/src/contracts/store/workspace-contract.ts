import { describe, expect, it } from 'vitest';
import { aDraft } from './event-fixtures';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What every `WorkspaceStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function workspaceContract(name: string, harness: StoreHarness): void {
  describe(`${name}: workspaces`, () => {
    const under = eachWithStore(harness);
    const config = (workspace_id: string, settings: Record<string, unknown> = {}) => ({
      workspace_id,
      provider_type: 'scripted',
      settings,
      sessions: [{ session_id: `session_${workspace_id}` }],
    });

    it('keeps a configuration as it was written, and writes it whole', async () => {
      const { workspaces } = under.store;
      expect(await workspaces.get('ws')).toBeUndefined();
      const nested = { list: [1, 'two', null, { three: true }], ['__proto__']: 'kept' };
      await workspaces.put(config('ws', nested));
      expect(await workspaces.get('ws')).toEqual(config('ws', nested));
      await workspaces.put(config('ws', { other: 1 }));
      expect(await workspaces.get('ws')).toEqual(config('ws', { other: 1 }));
    });

    it('lists them by id', async () => {
      const { workspaces } = under.store;
      for (const id of ['b', 'a', 'c']) await workspaces.put(config(id));
      const list = await workspaces.list();
      expect(list.map(({ workspace_id }) => workspace_id)).toEqual(['a', 'b', 'c']);
    });

    it('forgets one, and says whether there was one', async () => {
      const { workspaces } = under.store;
      await workspaces.put(config('a'));
      await workspaces.put(config('b'));
      expect(await workspaces.delete('a')).toBe(true);
      expect(await workspaces.delete('a')).toBe(false);
      expect(await workspaces.get('a')).toBeUndefined();
      expect(await workspaces.get('b')).toBeDefined();
    });

    it('keeps which provider a workspace was switched to, apart from its configuration, and tells', async () => {
      const { workspaces, events } = under.store;
      const choice = { workspace_id: 'ws', provider_type: 'other', by: 'key_1', at: 1_000 };
      const told = [aDraft({ session_id: '' }), aDraft({ session_id: '' })] as const;
      await workspaces.choose({ ...choice, provider_type: 'first' }, told[0]);
      await workspaces.choose(choice, told[1]);
      await workspaces.choose({ ...choice, workspace_id: 'ws_2' }, aDraft());
      const log = await events.read('ws', { after: 0, limit: 10 });
      expect(log.events).toEqual(
        told.map((draft, i) => ({ ...draft, seq: i + 1, workspace_id: 'ws' })),
      );
      expect(await events.bounds('ws_2')).toMatchObject({ headSeq: 1 });
      expect(await workspaces.choices()).toHaveLength(2);
      expect(await workspaces.choices()).toContainEqual(choice);
      expect(await workspaces.get('ws')).toBeUndefined();
    });

    it('forgets which provider it was with the configuration that says so anew, or is forgotten', async () => {
      const { workspaces, events } = under.store;
      const choice = { workspace_id: 'ws', provider_type: 'other', by: 'key_1', at: 1_000 };
      const other = { ...choice, workspace_id: 'ws_2' };
      await workspaces.choose(choice, aDraft(), config('ws', { written: 'with the choice' }));
      await workspaces.choose(other, aDraft());
      expect(await workspaces.get('ws')).toEqual(config('ws', { written: 'with the choice' }));
      expect(await workspaces.get('ws_2')).toBeUndefined();
      expect(await workspaces.choices()).toHaveLength(2);
      expect(await events.bounds('ws')).toMatchObject({ headSeq: 1 });
      await workspaces.put(config('ws'));
      expect(await workspaces.choices()).toEqual([other]);
      await workspaces.choose(choice, aDraft());
      expect(await workspaces.get('ws')).toEqual(config('ws'));
      // There is no configuration to forget, and the choice is against one that is kept elsewhere.
      expect(await workspaces.delete('ws_2')).toBe(false);
      expect(await workspaces.choices()).toHaveLength(2);
      expect(await workspaces.delete('ws')).toBe(true);
      expect(await workspaces.choices()).toEqual([other]);
    });

    it('keeps copies of configurations that are managed elsewhere, apart from its own', async () => {
      const { workspaces } = under.store;
      await workspaces.saveCopy(config('b'));
      await workspaces.saveCopy(config('a', { token: 'old' }));
      await workspaces.saveCopy(config('a', { token: 'new' }));
      expect(await workspaces.copies()).toEqual([config('a', { token: 'new' }), config('b')]);
      expect(await workspaces.list()).toEqual([]);
      expect(await workspaces.get('a')).toBeUndefined();
      await workspaces.deleteCopy('a');
      await workspaces.deleteCopy('a');
      expect(await workspaces.copies()).toEqual([config('b')]);
    });

    it('is out of reach of what happens to the objects it was given', async () => {
      const { workspaces } = under.store;
      const settings = { token: 'as it was' };
      await workspaces.put(config('ws', settings));
      settings.token = 'changed afterwards';
      expect((await workspaces.get('ws'))?.settings).toEqual({ token: 'as it was' });
    });
  });
}
