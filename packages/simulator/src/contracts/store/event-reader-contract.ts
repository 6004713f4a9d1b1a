import { ownConsumers } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { aDraft, anOwner, draftTime } from './event-fixtures';
import { OutboxDriver } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** Readers: where they stand, and how they hear that there is more. */
export function eventReaderContract(under: StoreUnderTest): void {
  describe('readers', () => {
    it('move forward only, each consumer and workspace for itself', async () => {
      const { events } = under.store;
      expect(await events.cursor('ws', 'a')).toBeUndefined();
      await events.saveCursor('ws', 'a', 5, 1_000);
      await events.saveCursor('ws', 'a', 3, 1_000);
      await events.saveCursor('ws', 'b', 1, 1_000);
      expect(await events.cursor('ws', 'a')).toBe(5);
      expect(await events.cursor('ws', 'b')).toBe(1);
      expect(await events.cursor('ws_2', 'a')).toBeUndefined();
      await Promise.all([9, 7, 8, 6].map((seq) => events.saveCursor('ws', 'a', seq, 1_000)));
      expect(await events.cursor('ws', 'a')).toBe(9);
      await events.saveCursor('ws', 'c', 0, 1_000);
      expect(await events.cursor('ws', 'c')).toBe(0);
    });

    it('are listed by name, a page at a time, with where they stand and when they were seen', async () => {
      const { events } = under.store;
      expect(await events.consumers('ws', { limit: 10 })).toEqual([]);
      for (const [nth, name] of ['crm', 'Audit', 'crm-2'].entries()) {
        await events.saveCursor('ws', name, 5 + nth, 1_000 + nth);
      }
      await events.saveCursor('ws', 'crm', 4, 3_000);
      await events.saveCursor('ws', `${ownConsumers}a`, 1, 1_000);
      await events.saveCursor('ws_2', 'elsewhere', 1, 1_000);
      const all = [
        { consumer: 'Audit', seq: 6, seen_at: 1_001 },
        { consumer: 'crm', seq: 5, seen_at: 3_000 },
        { consumer: 'crm-2', seq: 7, seen_at: 1_002 },
      ];
      expect(await events.consumers('ws', { limit: 10 })).toEqual(all);
      expect(await events.consumers('ws', { limit: 2 })).toEqual(all.slice(0, 2));
      expect(await events.consumers('ws', { after: 'crm', limit: 2 })).toEqual(all.slice(2));
      expect(await events.consumers('ws', { after: 'crm-2', limit: 2 })).toEqual([]);
    });

    it('are forgotten when they were not seen for long and are behind, or by their name', async () => {
      const { events } = under.store;
      await events.append(anOwner(), [aDraft(), aDraft()]);
      await events.append(anOwner('ws_2'), [aDraft()]);
      const own = `${ownConsumers}a`;
      await events.saveCursor('ws', 'gone', 1, 1_000);
      await events.saveCursor('ws', 'seen_again', 1, 1_000);
      await events.saveCursor('ws', 'seen_again', 1, 2_000);
      await events.saveCursor('ws', 'seen_again', 1, 500);
      await events.saveCursor('ws', 'has_all', 2, 1_000);
      await events.saveCursor('ws', own, 0, 1_000);
      await events.saveCursor('ws_2', 'gone', 0, 1_500);
      await events.saveCursor('ws_3', 'waits', 0, 1_000);
      expect(await events.forgetCursors(2_000, 1)).toBe(1);
      expect(await events.forgetCursors(2_000, 10)).toBe(1);
      expect(await events.forgetCursors(2_000, 10)).toBe(0);
      expect(await events.cursor('ws', 'gone')).toBeUndefined();
      expect(await events.cursor('ws_2', 'gone')).toBeUndefined();
      expect(await events.cursor('ws', 'seen_again')).toBe(1);
      expect(await events.cursor('ws', own)).toBe(0);
      expect(await events.cursor('ws_3', 'waits')).toBe(0);
      // It only waited for what comes; nothing of that is lost to it. Now it is behind.
      expect(await events.cursor('ws', 'has_all')).toBe(2);
      await events.trim('ws', 2, draftTime);
      expect(await events.forgetCursors(2_000, 10)).toBe(0);
      await events.append(anOwner(), [aDraft()]);
      expect(await events.forgetCursors(2_000, 10)).toBe(1);
      expect(await events.cursor('ws', 'has_all')).toBeUndefined();
      expect(await events.deleteCursor('ws_2', own)).toBe(false);
      expect(await events.deleteCursor('ws', own)).toBe(true);
      expect(await events.deleteCursor('ws', own)).toBe(false);
      expect(await events.cursor('ws', own)).toBeUndefined();
    });

    it('hear that the log of their workspace grew, until they leave', async () => {
      const { events } = under.store;
      const heard: number[] = [];
      const told = signal();
      const leave = events.watch('ws', (headSeq) => {
        heard.push(headSeq);
        told.fire();
      });
      const foreign: number[] = [];
      const leaveForeign = events.watch('ws_2', (headSeq) => foreign.push(headSeq));
      await events.append(anOwner(), [aDraft(), aDraft()]);
      await told.next();
      expect(heard.at(-1)).toBe(2);
      await new OutboxDriver(under).accept('msg_a');
      await new OutboxDriver(under).send('msg_a');
      while (heard.at(-1) !== 3) await told.next();
      leave();
      leave();
      const count = heard.length;
      const witness = signal();
      const leaveWitness = events.watch('ws', () => witness.fire());
      await events.append(anOwner(), [aDraft()]);
      await witness.next();
      expect(heard).toHaveLength(count);
      expect(foreign).toEqual([]);
      leaveWitness();
      leaveForeign();
    });

    it('hear once of what comes in one turn', async () => {
      const { events } = under.store;
      const heard: number[] = [];
      const told = signal();
      const leave = events.watch('ws', (headSeq) => {
        heard.push(headSeq);
        if (headSeq === 20) told.fire();
      });
      await Promise.all(Array.from({ length: 20 }, () => events.append(anOwner(), [aDraft()])));
      await told.next();
      await new Promise((resolve) => setImmediate(resolve));
      expect(heard.at(-1)).toBe(20);
      expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
      leave();
    });
  });
}

/** Something that can be waited for again and again. */
function signal(): { readonly fire: () => void; readonly next: () => Promise<void> } {
  let fired = 0;
  let resolve: (() => void) | undefined;
  return {
    fire: () => {
      fired++;
      resolve?.();
    },
    next: async () => {
      if (fired === 0) await new Promise<void>((done) => (resolve = done));
      fired--;
      resolve = undefined;
    },
  };
}
