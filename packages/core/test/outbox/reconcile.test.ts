import type { MessageRecord } from '@blazz/core';
import { expect, it } from 'vitest';
import { harness } from '../harness';

it('looks into every unknown send once the session is ready again, however many there are', async () => {
  const { gateway, clock, world, text, store } = harness({
    provider: { pace: { concurrency: 64 } },
  });
  await gateway.start();
  const ws = gateway.workspace('ws');
  await clock.advance(10);
  const account = world.account('ws', 'main');
  // Every second one arrived; nobody was told which.
  const steps = Array.from({ length: 230 }, (_, i) => ({
    outcome: 'unknown' as const,
    effect: i % 2 === 0,
  }));
  world.nextSends(...steps);
  for (let i = 0; i < steps.length; i++) await ws.send(text(`62812${1_000_000 + i}`));
  await clock.advance(1_000);
  const unknown = async (): Promise<readonly MessageRecord[]> => {
    const query = { sessionId: 'main', status: 'unknown', limit: 200 } as const;
    return await store.outbox.list('ws', query);
  };
  expect(await unknown()).toHaveLength(200);
  const effects = world.effects.length;
  account.interrupt();
  await clock.advance(10);
  account.restore();
  await clock.advance(1_000);
  expect(await unknown()).toHaveLength(steps.length / 2);
  // It looks, and never sends.
  expect(world.effects).toHaveLength(effects);
  await clock.play(gateway.stop());
});
