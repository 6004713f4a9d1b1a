import { expect, it } from 'vitest';
import { aMessage, openStore, somePath } from './folder';

/** The middle one of nine runs, in milliseconds. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let run = 0; run < 9; run++) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[4] ?? 0;
}

it('looks at no more than it answers with, in a full store', async () => {
  const { outbox } = await openStore(await somePath());
  for (let i = 0; i < 20; i++) {
    const ids = Array.from({ length: 1_000 }, (_, n) => `msg_${i}_${n}`);
    await Promise.all(ids.map((id) => outbox.accept(aMessage(id), 'd', 1_000)));
  }
  // Whatever goes through all 20,000 takes 30 ms and more.
  const page = { limit: 50, before: 10_000 };
  expect(await median(() => outbox.list('ws', page))).toBeLessThan(10);
  expect(await median(() => outbox.list('ws', { ...page, sessionId: 'other' }))).toBeLessThan(10);
  expect(await median(() => outbox.list('ws', { ...page, status: 'sent' }))).toBeLessThan(10);
  const old = { workspaceId: 'ws', before: 1_000, now: 10_000, limit: 100 };
  expect(await median(() => outbox.prune(old))).toBeLessThan(10);
}, 60_000);
