import { dedupeKeyMs } from '@blazz/core/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDraft, anOwner, draftTime, seqsOf } from './event-fixtures';
import type { StoreUnderTest } from './store-harness';

/** The log: dense, in order, each event once. */
export function eventLogContract(under: StoreUnderTest): void {
  describe('the log', () => {
    it('numbers events per workspace: 1, 2, 3, without a gap', async () => {
      const { events } = under.store;
      const first = aDraft();
      const appended = await events.append(anOwner(), [first, aDraft()]);
      const { dedupe_key: _, ...facts } = first;
      expect(appended[0]).toEqual({ ...facts, seq: 1, workspace_id: 'ws' });
      expect(seqsOf(appended)).toEqual([1, 2]);
      expect(seqsOf(await events.append(anOwner('ws_2'), [aDraft()]))).toEqual([1]);
      expect(seqsOf(await events.append(anOwner(), [aDraft()]))).toEqual([3]);
      expect(await events.append(anOwner(), [])).toEqual([]);
      const page = await events.read('ws', { after: 0, limit: 10 });
      expect(seqsOf(page.events)).toEqual([1, 2, 3]);
      expect(page).toMatchObject({ next: 3, oldestSeq: 1, headSeq: 3 });
    });

    it('stays dense when many write at once', async () => {
      const { events } = under.store;
      const writers = ['ws_1', 'ws_2', 'ws_3'].flatMap((workspaceId) =>
        Array.from({ length: 20 }, (_, i) =>
          events.append(anOwner(workspaceId), [aDraft(), aDraft({ session_id: `s${i}` })]),
        ),
      );
      await Promise.all(writers);
      for (const workspaceId of ['ws_1', 'ws_2', 'ws_3']) {
        const page = await events.read(workspaceId, { after: 0, limit: 1000 });
        expect(seqsOf(page.events)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
        expect(page.events.every((event) => event.workspace_id === workspaceId)).toBe(true);
      }
    });

    it('keeps the events of one call together', async () => {
      const { events } = under.store;
      const batches = Array.from({ length: 10 }, (_, i) =>
        events.append(anOwner(), [
          aDraft({ session_id: `s${i}` }),
          aDraft({ session_id: `s${i}` }),
        ]),
      );
      for (const batch of await Promise.all(batches)) {
        expect((batch[1]?.seq ?? 0) - (batch[0]?.seq ?? 0)).toBe(1);
      }
    });

    it('drops what is in the log already, by its key', async () => {
      const { events } = under.store;
      const twice = [aDraft({ dedupe_key: 'a' }), aDraft({ dedupe_key: 'a' }), aDraft()];
      expect(seqsOf(await events.append(anOwner(), twice))).toEqual([1, 2]);
      expect(await events.append(anOwner(), [aDraft({ dedupe_key: 'a' })])).toEqual([]);
      expect(seqsOf(await events.append(anOwner('ws_2'), [aDraft({ dedupe_key: 'a' })]))).toEqual([
        1,
      ]);
      expect(seqsOf(await events.append(anOwner(), [aDraft({ dedupe_key: 'b' })]))).toEqual([3]);
      const racing = await Promise.all(
        [1, 2, 3, 4].map(() => events.append(anOwner(), [aDraft({ dedupe_key: 'c' })])),
      );
      expect(racing.flat()).toHaveLength(1);
      const { events: all } = await events.read('ws', { after: 0, limit: 10 });
      expect(all.some((event) => 'dedupe_key' in event)).toBe(false);
    });

    it('reads on from where a page ended', async () => {
      const { events } = under.store;
      await events.append(
        anOwner(),
        Array.from({ length: 7 }, () => aDraft()),
      );
      const first = await events.read('ws', { after: 0, limit: 3 });
      expect([seqsOf(first.events), first.next]).toEqual([[1, 2, 3], 3]);
      const second = await events.read('ws', { after: first.next, limit: 3 });
      expect([seqsOf(second.events), second.next]).toEqual([[4, 5, 6], 6]);
      const last = await events.read('ws', { after: 6, limit: 3 });
      expect([seqsOf(last.events), last.next]).toEqual([[7], 7]);
      const none = await events.read('ws', { after: 7, limit: 3 });
      expect([none.events, none.next]).toEqual([[], 7]);
    });

    it('filters by type and session, and moves on past what it left out', async () => {
      const { events } = under.store;
      const state = {
        type: 'session.state',
        data: { state: 'ready', previous: 'starting' },
      } as const;
      for (let i = 0; i < 4; i++) {
        await events.append(anOwner(), [
          aDraft({ session_id: 'one' }),
          { ...aDraft({ session_id: 'two' }), ...state },
        ]);
      }
      const read = async (query: { types?: readonly ['session.state']; sessions?: string[] }) => {
        const page = await events.read('ws', { after: 0, limit: 10, ...query });
        return [seqsOf(page.events), page.next];
      };
      expect(await read({ types: ['session.state'] })).toEqual([[2, 4, 6, 8], 8]);
      expect(await read({ sessions: ['one'] })).toEqual([[1, 3, 5, 7], 8]);
      expect(await read({ types: ['session.state'], sessions: ['one'] })).toEqual([[], 8]);
      expect(await read({ sessions: [] })).toEqual([[], 8]);
      const first = await events.read('ws', { after: 0, limit: 2, sessions: ['two'] });
      expect(seqsOf(first.events)).toEqual([2, 4]);
      expect(first.next).toBe(4);
    });

    it('knows its ends, before and after it forgets', async () => {
      const { events } = under.store;
      expect(await events.bounds('ws')).toEqual({ oldestSeq: 1, headSeq: 0 });
      await events.append(
        anOwner(),
        Array.from({ length: 5 }, () => aDraft()),
      );
      expect(await events.bounds('ws')).toEqual({ oldestSeq: 1, headSeq: 5 });
      expect(await events.trim('ws', 3, draftTime)).toBe(3);
      expect(await events.trim('ws', 3, draftTime)).toBe(0);
      expect(await events.bounds('ws')).toEqual({ oldestSeq: 4, headSeq: 5 });
      const page = await events.read('ws', { after: 0, limit: 10 });
      expect(page).toMatchObject({ oldestSeq: 4, headSeq: 5, next: 5 });
      expect(seqsOf(page.events)).toEqual([4, 5]);
      expect(await events.trim('ws', 99, draftTime)).toBe(2);
      expect(await events.bounds('ws')).toEqual({ oldestSeq: 6, headSeq: 5 });
      expect(await events.read('ws', { after: 0, limit: 10 })).toMatchObject({
        events: [],
        next: 5,
      });
      expect(seqsOf(await events.append(anOwner(), [aDraft()]))).toEqual([6]);
      expect(await events.trim('ws_2', 5, draftTime)).toBe(0);
    });

    it('does not take a reader back that is ahead of the log', async () => {
      const { events } = under.store;
      await events.append(anOwner(), [aDraft()]);
      expect(await events.read('ws', { after: 40, limit: 10 })).toEqual({
        events: [],
        next: 40,
        oldestSeq: 1,
        headSeq: 1,
      });
    });

    it('is out of reach of what happens to the objects it was given', async () => {
      const { events } = under.store;
      const text = { body: 'as it was' };
      const message = {
        provider_message_id: 'wa-1',
        from: {},
        chat_id: 'chat@g.us',
        is_group: true,
        timestamp: '2026-01-01T00:00:00.000Z',
        type: 'text',
        text,
      } as const;
      const { data: _, ...facts } = aDraft();
      await events.append(anOwner(), [{ ...facts, type: 'message.received', data: message }]);
      text.body = 'changed afterwards';
      const page = await events.read('ws', { after: 0, limit: 1 });
      expect(page.events[0]?.data).toMatchObject({ text: { body: 'as it was' } });
    });

    it('knows the keys of trimmed events until they are old enough, and is told', async () => {
      const { events } = under.store;
      const draft = (key: string, time = draftTime) =>
        aDraft({ dedupe_key: key, time: new Date(time).toISOString() });
      const append = async (...drafts: ReturnType<typeof draft>[]) =>
        seqsOf(await events.append(anOwner(), drafts));
      await append(draft('a'), draft('b'), draft('c', draftTime + 1), draft('d', draftTime + 2));
      await events.append(anOwner('ws_2'), [draft('a')]);
      await events.trim('ws', 3, draftTime + 3);
      await events.trim('ws_2', 1, draftTime + 3);
      expect(await append(draft('a'), draft('b'), draft('c'), draft('d'))).toEqual([]);
      expect(await events.forgetKeys(draftTime + dedupeKeyMs - 1, 10)).toBe(0);
      expect(await append(draft('a'))).toEqual([]);
      expect(await events.forgetKeys(draftTime + dedupeKeyMs, 2)).toBe(2);
      expect(await events.forgetKeys(draftTime + dedupeKeyMs, 2)).toBe(1);
      expect(await append(draft('a'), draft('b'), draft('c'))).toEqual([5, 6]);
      // In the log a key is known however old it is; an old one is not kept when its event goes.
      expect(await events.forgetKeys(draftTime + 2 * dedupeKeyMs, 10)).toBe(1);
      expect(await append(draft('a'), draft('c'), draft('d'))).toEqual([7]);
      await events.trim('ws', 7, draftTime + dedupeKeyMs);
      expect(await append(draft('b'), draft('d'))).toEqual([8]);
      expect(await events.forgetKeys(draftTime + 2 * dedupeKeyMs, 10)).toBe(1);
    });

    it('stays dense through any mix of appends, repeats and trims', async () => {
      const step = fc.oneof(
        fc.record({ keys: fc.array(fc.option(fc.constantFrom('a', 'b', 'c')), { maxLength: 4 }) }),
        fc.record({ trim: fc.integer({ min: 0, max: 30 }) }),
        fc.record({ forget: fc.boolean() }),
      );
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
          const { events } = under.store;
          const workspaceId = `mix${++run}`;
          const kept: { seq: number; key: string | null }[] = [];
          const trimmedKeys = new Set<string>();
          let head = 0;
          for (const action of steps) {
            if ('trim' in action) {
              const gone = kept.filter(({ seq }) => seq <= action.trim).length;
              expect(await events.trim(workspaceId, action.trim, draftTime)).toBe(gone);
              for (const { key } of kept.splice(0, gone)) if (key !== null) trimmedKeys.add(key);
              continue;
            }
            if ('forget' in action) {
              const gone = action.forget ? trimmedKeys.size : 0;
              const now = draftTime + dedupeKeyMs - (action.forget ? 0 : 1);
              expect(await events.forgetKeys(now, 100)).toBe(gone);
              if (action.forget) trimmedKeys.clear();
              continue;
            }
            const batch = action.keys.map((key) => aDraft(key === null ? {} : { dedupe_key: key }));
            for (const key of action.keys) {
              if (key !== null && kept.some((entry) => entry.key === key)) continue;
              if (key !== null && trimmedKeys.has(key)) continue;
              kept.push({ seq: ++head, key });
            }
            await events.append(anOwner(workspaceId), batch);
          }
          const page = await events.read(workspaceId, { after: 0, limit: 1000 });
          expect(seqsOf(page.events)).toEqual(kept.map(({ seq }) => seq));
          expect([page.headSeq, page.oldestSeq]).toEqual([head, head - kept.length + 1]);
          await events.trim(workspaceId, head, draftTime + dedupeKeyMs);
          await events.forgetKeys(draftTime + dedupeKeyMs, 100);
        }),
        { numRuns: 25 },
      );
    });
  });
}
