import { MemoryStore } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { expect, it } from 'vitest';
import { CursorKeeper } from '../../src/stream/cursor-keeper';

it('notes now and then that a consumer is there, though it has nothing to acknowledge', async () => {
  const clock = new ManualClock();
  const { events } = new MemoryStore();
  const draft = {
    id: 'evt_1',
    type: 'message.revoked',
    session_id: 'main',
    time: '2026-01-01T00:00:00.000Z',
    data: { provider_message_id: 'wa-1', chat_id: 'chat@g.us' },
  } as const;
  await events.append({ workspaceId: 'ws', sessionId: 'main', epoch: 1 }, [draft]);
  await events.saveCursor('ws', 'books', 0, clock.now());
  await events.saveCursor('ws', 'gone', 0, clock.now());
  const keeper = new CursorKeeper({ workspaceId: 'ws', consumer: 'books' }, events, clock);
  expect(await keeper.begin()).toBe(0);
  await keeper.flushed();
  let writes = 0;
  const save = events.saveCursor.bind(events);
  events.saveCursor = async (...args) => {
    writes++;
    await save(...args);
  };
  // A day of heartbeats.
  for (let beat = 0; beat < 24 * 120; beat++) {
    await clock.advance(30_000);
    keeper.seen();
    await keeper.flushed();
  }
  expect(writes).toBe(24);
  expect(await events.forgetCursors(clock.now() - 7_200_000, 10)).toBe(1);
  expect(await events.cursor('ws', 'books')).toBe(0);
});

it('makes no cursor for a consumer that has acknowledged nothing', async () => {
  const clock = new ManualClock();
  const { events } = new MemoryStore();
  const keeper = new CursorKeeper({ workspaceId: 'ws', consumer: 'new' }, events, clock);
  expect(await keeper.begin()).toBeUndefined();
  await clock.advance(7_200_000);
  keeper.seen();
  await keeper.flushed();
  expect(await events.cursor('ws', 'new')).toBeUndefined();
});
