import type { ProviderFactory } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { Lab } from './support/lab';

const settings = { breaker: { failures: 3, open_ms: 10_000, max_open_ms: 30_000 } };
const closed = { outcome: 'rejected', scope: 'channel' } as const;

describe("a member's breaker", () => {
  it('opens after failures of the channel in a row, passes the member over, and probes with one send', async () => {
    const lab = await Lab.up([{}, {}], { settings });
    lab.world(0).script(() => closed);
    for (let n = 0; n < 3; n++) await lab.clock.play(lab.send());
    expect(lab.breakers).toEqual(['open', 'closed']);
    const passed = await lab.clock.play(lab.send());
    expect(passed).toMatchObject({ status: 'sent', via: 'second' });
    expect(passed.hops).toMatchObject([{ from: 'first', to: 'second', code: 'provider_failed' }]);
    expect(lab.world(0).calls).toHaveLength(3);

    await lab.clock.advance(10_000);
    expect(lab.breakers).toEqual(['half_open', 'closed']);
    lab.world(0).script(() => ({ outcome: 'rejected', scope: 'channel', afterMs: 100 }));
    const [probe, other] = [lab.send(), lab.send()];
    expect(await lab.clock.play(other)).toMatchObject({ via: 'second' });
    await lab.clock.play(probe);
    expect(lab.world(0).calls).toHaveLength(4);
    expect(lab.breakers[0]).toBe('open');

    // It stays open twice as long after each probe that fails.
    await lab.clock.advance(10_000);
    expect(lab.breakers[0]).toBe('open');
    await lab.clock.advance(10_000);
    lab.world(0).script(() => ({ outcome: 'sent' }));
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'first' });
    expect(lab.breakers).toEqual(['closed', 'closed']);
    await lab.clock.play(lab.provider.stop());
  });

  it.each([
    ['unknown', { outcome: 'unknown', effect: false }],
    ['refusals of the message', { outcome: 'rejected' }],
    ['limits', { outcome: 'not_sent', scope: 'pace' }],
  ] as const)('does not open for %s', async (_, step) => {
    const lab = await Lab.up([{}, {}], { settings });
    lab.world(0).script(() => step);
    for (let n = 0; n < 10; n++) await lab.clock.play(lab.send());
    expect(lab.breakers).toEqual(['closed', 'closed']);
    expect(lab.world(1).calls).toEqual([]);
    await lab.clock.play(lab.provider.stop());
  });

  it('makes the lane wait, without a try, while every member is left alone', async () => {
    const lab = await Lab.up([{}, {}], { settings });
    for (const world of lab.worlds) world.script(() => closed);
    expect(lab.provider.limits?.waitMs()).toBe(0);
    for (let n = 0; n < 3; n++) await lab.clock.play(lab.send());
    expect(lab.breakers).toEqual(['open', 'open']);
    expect(lab.provider.limits?.waitMs()).toBe(10_000);
    const outcome = await lab.clock.play(lab.send());
    expect(outcome).toMatchObject({ status: 'not_sent', retryAfterMs: 10_000 });
    await lab.clock.advance(10_000);
    expect(lab.provider.limits?.waitMs()).toBe(0);
    await lab.clock.play(lab.provider.stop());
  });
});

describe("a member's pace", () => {
  it('is kept for what goes on to it, while the lane keeps that of the member that would carry', async () => {
    const pace = { concurrency: 1, intervalMs: 1_000, jitter: 0 };
    const lab = await Lab.up([{}, { pace }]);
    expect(lab.provider.capabilities.pace).toEqual({ concurrency: 4, intervalMs: 0, jitter: 0 });
    lab.world(0).script(() => ({ outcome: 'not_sent' }));
    const sends = [1, 2, 3].map(() => lab.send());
    await lab.clock.advance(0);
    expect(lab.effects()).toEqual([0, 1]);
    await lab.clock.advance(1_000);
    expect(lab.effects()).toEqual([0, 2]);
    await lab.clock.advance(1_000);
    await Promise.all(sends);
    expect(lab.effects()).toEqual([0, 3]);

    // The first is left alone by now: the lane waits for the second's pace, and takes its share once.
    const { limits } = lab.provider;
    expect(lab.breakers[0]).toBe('open');
    expect(limits?.waitMs()).toBe(1_000);
    await lab.clock.advance(1_000);
    expect(limits?.waitMs()).toBe(0);
    limits?.took('628120000001');
    expect(limits?.waitMs()).toBe(1_000);
    expect(await lab.clock.play(lab.send())).toMatchObject({ via: 'second' });
    expect(lab.clock.now() - Date.UTC(2026, 0, 1)).toBeLessThan(4_000);
    await lab.clock.play(lab.provider.stop());
  });

  it('gives up what waits for its turn when the session stops: nothing left', async () => {
    const lab = await Lab.up([{}, { pace: { concurrency: 1 } }]);
    lab.account(0).interrupt();
    lab.world(1).script(() => ({ outcome: 'hang', effect: false }));
    const sends = [lab.send(), lab.send()];
    await lab.clock.advance(100);
    await lab.clock.play(lab.provider.stop());
    const outcomes = await Promise.all(sends);
    expect(outcomes.map(({ status }) => status)).toEqual(['unknown', 'not_sent']);
    expect(lab.world(1).calls).toHaveLength(1);
  });

  it("asks a member's own limits, takes their share, and lets what would wait long wait in the outbox", async () => {
    const took: string[] = [];
    let pairMs = 0;
    const limits = {
      waitMs: () => 0,
      recipientWaitMs: () => pairMs,
      took: (key: string) => {
        took.push(key);
        pairMs = 0;
      },
    };
    const limited = (factory: ProviderFactory): ProviderFactory => ({
      ...factory,
      create: (context) => Object.assign(factory.create(context), { limits }),
    });
    const lab = await Lab.up([{}, { factory: limited }]);
    lab.account(0).interrupt();
    pairMs = 6_000;
    expect(lab.provider.limits?.recipientWaitMs('628120000001')).toBe(6_000);
    const sending = lab.send();
    await lab.clock.advance(5_999);
    expect(lab.world(1).calls).toEqual([]);
    pairMs = 0;
    expect(await lab.clock.play(sending)).toMatchObject({ status: 'sent', via: 'second' });
    expect(took).toEqual(['628120000001']);
    lab.provider.limits?.took('628120000001');
    await lab.clock.play(lab.send());
    expect(took).toHaveLength(2);
    pairMs = 600_000;
    const later = await lab.clock.play(lab.send());
    expect(later).toMatchObject({ status: 'not_sent', scope: 'pace', retryAfterMs: 600_000 });
    expect(lab.breakers).toEqual(['closed', 'closed']);
    await lab.clock.play(lab.provider.stop());
  });
});
