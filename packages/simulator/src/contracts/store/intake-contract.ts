import type { IntakeEntry, QuarantinedEntry } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someError } from './outbox-driver';
import { eachWithStore, type StoreHarness } from './store-harness';

/** An entry, for tests. */
export function anEntry(id: string, facts: Partial<IntakeEntry> = {}): IntakeEntry {
  return {
    entry_id: `in_${id}`,
    workspace_id: 'ws',
    session_id: 'main',
    source: 'meta_api',
    body: `{"entry":"${id}"}`,
    received_at: 1_000,
    ...facts,
  };
}

function aside(entry: IntakeEntry, at = 2_000): QuarantinedEntry {
  return { ...entry, error: someError, quarantined_at: at };
}

/**
 * What every `IntakeStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function intakeContract(name: string, harness: StoreHarness): void {
  describe(`${name}: intake`, () => {
    const under = eachWithStore(harness);
    const waiting = async (sessionId = 'main', limit = 10): Promise<readonly string[]> => {
      const entries = await under.store.intake.waiting('ws', sessionId, limit);
      return entries.map(({ entry_id }) => entry_id);
    };

    it('keeps what came, as it came, in its order, for each session', async () => {
      const { intake } = under.store;
      const odd = anEntry('a', { body: '{"text":"caf\\u00e9 \u{1f30d}"}' });
      await intake.put([anEntry('b'), odd]);
      await intake.put([anEntry('c', { session_id: 'other' }), anEntry('d')]);
      await intake.put([anEntry('e', { workspace_id: 'ws_2' })]);
      expect(await waiting()).toEqual(['in_b', 'in_a', 'in_d']);
      expect(await waiting('main', 2)).toEqual(['in_b', 'in_a']);
      expect(await intake.waiting('ws', 'main', 10)).toContainEqual(odd);
      expect(await waiting('nobody')).toEqual([]);
      const sessions = await intake.waitingSessions();
      expect(sessions).toHaveLength(3);
      expect(sessions).toContainEqual({ workspaceId: 'ws', sessionId: 'other' });
      expect(await intake.depth('ws')).toEqual({ waiting: 4, quarantined: 0 });
      expect(await intake.depth()).toEqual({ waiting: 5, quarantined: 0 });
    });

    it('forgets what has been read, and nothing of another tenant', async () => {
      const { intake } = under.store;
      await intake.put([anEntry('a'), anEntry('b')]);
      await intake.put([anEntry('a', { workspace_id: 'ws_2' })]);
      expect(await intake.remove('ws', ['in_a', 'in_none'])).toBe(1);
      expect(await waiting()).toEqual(['in_b']);
      expect(await intake.waiting('ws_2', 'main', 10)).toHaveLength(1);
      expect(await intake.remove('ws', ['in_b'])).toBe(1);
      expect(await intake.waitingSessions()).toEqual([{ workspaceId: 'ws_2', sessionId: 'main' }]);
    });

    it('leaves an entry as it is when it is put again', async () => {
      const { intake } = under.store;
      await intake.put([anEntry('a'), anEntry('b')]);
      await intake.put([anEntry('a', { body: '{}' })]);
      expect(await intake.waiting('ws', 'main', 1)).toEqual([anEntry('a')]);
      await intake.quarantine(aside(anEntry('a')));
      await intake.put([anEntry('a')]);
      expect(await waiting()).toEqual(['in_b']);
    });

    it('sets aside what cannot be read, and has it read again when asked to', async () => {
      const { intake } = under.store;
      await intake.put([anEntry('a'), anEntry('b'), anEntry('c')]);
      await intake.quarantine(aside(anEntry('a')));
      const stray = aside(anEntry('z', { session_id: '' }), 3_000);
      await intake.quarantine(stray);
      expect(await waiting()).toEqual(['in_b', 'in_c']);
      expect(await intake.depth('ws')).toEqual({ waiting: 2, quarantined: 2 });
      expect(await intake.quarantined('ws', { limit: 10 })).toEqual([stray, aside(anEntry('a'))]);
      expect(await intake.quarantined('ws', { limit: 10, before: 'in_z' })).toHaveLength(1);
      expect(await intake.quarantined('ws', { limit: 1 })).toEqual([stray]);
      expect(await intake.quarantined('ws_2', { limit: 1 })).toEqual([]);
      expect(await intake.release('ws', 'in_a')).toBe(true);
      expect(await intake.release('ws', 'in_a')).toBe(false);
      expect(await intake.release('ws_2', 'in_z')).toBe(false);
      expect(await intake.release('ws', 'in_z', { sessionId: 'main' })).toBe(true);
      expect(await waiting()).toEqual(['in_b', 'in_c', 'in_a', 'in_z']);
      expect(await intake.waiting('ws', 'main', 10)).toContainEqual(anEntry('z'));
    });

    it("keeps what is nobody's apart, by account, until it is somebody's", async () => {
      const { intake } = under.store;
      const stray = (id: string, account: string, proof = { by: id }): QuarantinedEntry => ({
        ...aside(anEntry(id, { workspace_id: '', session_id: '' })),
        account,
        proof,
      });
      const nameless = aside(anEntry('n', { workspace_id: '', session_id: '' }));
      const all = [stray('b', '2'), stray('c', '10'), stray('a', '2'), stray('d', '2'), nameless];
      for (const entry of all) await intake.quarantine(entry);
      await intake.quarantine({ ...stray('e', '3'), workspace_id: 'ws' });
      await intake.put([anEntry('f')]);
      expect(await intake.unclaimedAccounts({ limit: 10 })).toEqual(['10', '2']);
      expect(await intake.unclaimedAccounts({ limit: 1 })).toEqual(['10']);
      expect(await intake.unclaimedAccounts({ limit: 10, after: '10' })).toEqual(['2']);
      const found = await intake.unclaimed('2', { limit: 2 });
      expect(found).toEqual([stray('a', '2'), stray('b', '2')]);
      expect(await intake.unclaimed('2', { limit: 2, after: 'in_b' })).toEqual([stray('d', '2')]);
      expect(await intake.unclaimed('3', { limit: 2 })).toEqual([]);
      expect(await intake.quarantined('', { limit: 10 })).toHaveLength(5);
      expect(await intake.quarantined('ws', { limit: 10 })).toHaveLength(1);
      expect(await intake.depth('')).toEqual({ waiting: 0, quarantined: 5 });
      expect(await intake.waitingSessions()).toEqual([{ workspaceId: 'ws', sessionId: 'main' }]);

      const to = { workspaceId: 'ws', sessionId: 'main', source: 'fallback' };
      expect(await intake.release('', 'in_b', to)).toBe(true);
      expect(await intake.release('', 'in_b', to)).toBe(false);
      expect(await intake.waiting('ws', 'main', 10)).toEqual([
        anEntry('f'),
        anEntry('b', { source: 'fallback' }),
      ]);
      expect(await intake.discard('', 'in_c')).toBe(true);
      expect(await intake.unclaimedAccounts({ limit: 10 })).toEqual(['2']);
      expect(await intake.depth('')).toEqual({ waiting: 0, quarantined: 3 });
      // Set aside again, it is no longer anybody else's.
      await intake.quarantine(aside(anEntry('b', { source: 'fallback' })));
      expect(await intake.quarantined('ws', { limit: 1, before: 'in_c' })).toEqual([
        aside(anEntry('b', { source: 'fallback' })),
      ]);
    });

    it('forgets what was set aside long ago', async () => {
      const { intake } = under.store;
      await intake.put([anEntry('c')]);
      await intake.quarantine(aside(anEntry('a'), 2_000));
      await intake.quarantine(aside(anEntry('b'), 3_000));
      await intake.quarantine(aside(anEntry('a', { workspace_id: 'ws_2' }), 2_000));
      expect(await intake.pruneQuarantined(3_000, 1)).toBe(1);
      expect(await intake.pruneQuarantined(3_000, 10)).toBe(1);
      expect(await intake.quarantined('ws', { limit: 10 })).toHaveLength(1);
      expect(await waiting()).toEqual(['in_c']);
    });

    it('tells what waits from what was set aside, whichever is to be forgotten', async () => {
      const { intake } = under.store;
      await intake.put([anEntry('a'), anEntry('b')]);
      await intake.quarantine(aside(anEntry('b')));
      expect(await intake.remove('ws', ['in_b'])).toBe(0);
      expect(await intake.discard('ws', 'in_a')).toBe(false);
      expect(await intake.discard('ws_2', 'in_b')).toBe(false);
      expect(await intake.depth('ws')).toEqual({ waiting: 1, quarantined: 1 });
      expect(await intake.discard('ws', 'in_b')).toBe(true);
      expect(await intake.discard('ws', 'in_b')).toBe(false);
      expect(await waiting()).toEqual(['in_a']);
    });

    it('agrees with a plain list through any mix of what may happen', async () => {
      const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e');
      const kind = fc.constantFrom('put', 'remove', 'aside', 'release', 'discard');
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(kind, letter), { maxLength: 25 }), async (steps) => {
          const { intake } = under.store;
          const workspace_id = `mix${++run}`;
          let waits: string[] = [];
          let apart: string[] = [];
          for (const [step, name] of steps) {
            const entry = anEntry(name, { workspace_id });
            const id = entry.entry_id;
            const [isWaiting, isApart] = [waits.includes(id), apart.includes(id)];
            const without = (list: string[]) => list.filter((each) => each !== id);
            if (step === 'put') {
              await intake.put([entry]);
              if (!isWaiting && !isApart) waits.push(id);
            } else if (step === 'remove') {
              expect(await intake.remove(workspace_id, [id])).toBe(isWaiting ? 1 : 0);
              waits = without(waits);
            } else if (step === 'aside') {
              await intake.quarantine(aside(entry));
              [waits, apart] = [without(waits), [...without(apart), id]];
            } else if (step === 'release') {
              expect(await intake.release(workspace_id, id)).toBe(isApart);
              if (isApart) [waits, apart] = [[...waits, id], without(apart)];
            } else {
              expect(await intake.discard(workspace_id, id)).toBe(isApart);
              apart = without(apart);
            }
          }
          const idsOf = (list: readonly IntakeEntry[]) => list.map(({ entry_id }) => entry_id);
          const found = await intake.quarantined(workspace_id, { limit: 3, before: 'in_e' });
          const older = apart
            .sort()
            .reverse()
            .filter((id) => id < 'in_e');
          expect(idsOf(found)).toEqual(older.slice(0, 3));
          expect(idsOf(await intake.waiting(workspace_id, 'main', 10))).toEqual(waits);
          expect(await intake.depth(workspace_id)).toEqual({
            waiting: waits.length,
            quarantined: apart.length,
          });
        }),
        { numRuns: 25 },
      );
    });
  });
}
