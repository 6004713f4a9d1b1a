import { graphCodes } from '@blazz/providers/meta';
import { describe, expect, it } from 'vitest';
import { MetaLimits } from '../../../src/meta/limits/meta-limits';

const rule = (code: number) => graphCodes[String(code)]!;

function limitsOf(perSecond = 80) {
  // The limits only read the time: a clock that is moved by hand without waking anybody will do.
  let at = 0;
  const clock = {
    now: () => at,
    monotonic: () => at,
    schedule: () => () => undefined,
    advance: (ms: number) => {
      at += ms;
    },
  };
  const facts: unknown[] = [];
  const limits = new MetaLimits({
    perSecond,
    clock,
    observer: { limitChanged: (fact) => facts.push(fact) },
  });
  /** Sends as fast as the limits let through. @returns how many messages left in that time */
  let people = 0;
  const drain = (ms: number, to?: string): number => {
    const end = clock.monotonic() + ms;
    let count = 0;
    for (;;) {
      const key = to ?? `p${people}`;
      const wait = Math.max(limits.waitMs(), limits.recipientWaitMs(key));
      if (clock.monotonic() + wait >= end) break;
      if (wait > 0) clock.advance(wait);
      limits.took(key);
      people += 1;
      count += 1;
    }
    clock.advance(end - clock.monotonic());
    return count;
  };
  return { clock, limits, facts, drain };
}

describe('messages of a number', () => {
  it.each([20, 80, 1000])('reach 95 percent of %i a second, and never exceed it', (perSecond) => {
    const { drain } = limitsOf(perSecond);
    drain(1_000);
    for (let second = 0; second < 10; second += 1) {
      const count = drain(1_000);
      expect(count).toBeLessThanOrEqual(perSecond);
      expect(count).toBeGreaterThanOrEqual(perSecond * 0.94);
    }
    expect(drain(60_000)).toBeGreaterThanOrEqual(perSecond * 60 * 0.95);
  });

  it('go at half the pace after a refusal, once for refusals that come together, and climb back', () => {
    const { clock, limits, facts, drain } = limitsOf(80);
    drain(1_000);
    for (let index = 0; index < 5; index += 1) limits.refused(rule(130429), 'x', 1_000);
    expect(facts).toEqual([
      { provider: 'meta_api', limit: 'number', rate: expect.closeTo(39.4, 1), waitMs: 1_000 },
    ]);
    expect(drain(1_000)).toBeLessThan(45);
    clock.advance(30_000);
    expect(drain(1_000)).toBeGreaterThan(74);
  });

  it('stop altogether for as long as the app has to wait', () => {
    const { clock, limits } = limitsOf();
    limits.refused(rule(4), 'x', 60_000);
    expect(limits.waitMs()).toBe(60_000);
    clock.advance(60_000);
    expect(limits.waitMs()).toBe(0);
  });
});

describe('messages to one recipient', () => {
  it('may come 45 at once, and are paid for afterwards', () => {
    const { clock, limits } = limitsOf(1000);
    for (let index = 0; index < 20; index += 1) {
      expect(limits.recipientWaitMs('one')).toBe(0);
      limits.took('one');
    }
    clock.advance(6_000);
    const wait = limits.recipientWaitMs('one');
    expect(wait).toBeGreaterThan(20 * 6_000 - 6_000);
    expect(wait).toBeLessThan(20 * 6_000);
    expect(limits.recipientWaitMs('two')).toBe(0);
    clock.advance(wait);
    expect(limits.recipientWaitMs('one')).toBe(0);
  });

  it('never come more than 45 at once', () => {
    const { limits } = limitsOf(1000);
    for (let index = 0; index < 45; index += 1) limits.took('one');
    expect(limits.recipientWaitMs('one')).toBeGreaterThan(260_000);
  });

  it('come every six seconds in the long run', () => {
    const { drain } = limitsOf(80);
    const hour = drain(3_600_000, 'one');
    // One burst may be an advance on the hour that follows.
    expect(hour).toBeLessThanOrEqual(645);
    expect(hour).toBeGreaterThan(570);
  });

  it('wait 4^X seconds after refusals, until one is taken', () => {
    const { limits, facts } = limitsOf();
    const waits = [1, 2, 3, 4, 5, 6, 7].map(() => limits.refused(rule(131056), 'one', 0));
    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000, 256_000, 1_024_000, 1_024_000]);
    limits.accepted('one');
    expect(limits.refused(rule(131056), 'one', 0)).toBe(1_000);
    expect(facts).toHaveLength(8);
  });

  it('leave nothing behind once they are paid for', () => {
    const { clock, limits } = limitsOf(1000);
    for (let index = 0; index < 50_000; index += 1) {
      limits.took(`p${index}`);
      clock.advance(20);
    }
    const began = performance.now();
    expect(limits.recipientWaitMs('p0')).toBe(0);
    expect(performance.now() - began).toBeLessThan(50);
  });
});
