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
  const holds: { limit: string; cause: string; heldMs: number }[] = [];
  const limits = new MetaLimits({
    perSecond,
    clock,
    observer: {
      limitChanged: (fact) => facts.push(fact),
      sendHeld: ({ provider: _, ...fact }) => holds.push(fact),
    },
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
  /** Sends one message, and waits as often as it has to. */
  const send = (key: string): void => {
    for (;;) {
      const wait = Math.max(limits.waitMs(), limits.recipientWaitMs(key));
      if (wait === 0) break;
      clock.advance(wait);
    }
    limits.took(key);
  };
  return { clock, limits, facts, holds, drain, send };
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

describe('the time that a limit holds a send', () => {
  const sum = (holds: readonly { heldMs: number }[]): number =>
    holds.reduce((all, { heldMs }) => all + heldMs, 0);

  it('is told for the number, and adds up to the time that sends were kept back', () => {
    const { clock, holds, send } = limitsOf(80);
    const began = clock.monotonic();
    for (let index = 0; index < 8; index += 1) send(`p${index}`);
    expect(holds).toEqual([]);
    for (let index = 8; index < 88; index += 1) send(`p${index}`);
    expect(new Set(holds.map(({ limit, cause }) => `${limit}/${cause}`))).toEqual(
      new Set(['number/rate']),
    );
    expect(sum(holds)).toBe(clock.monotonic() - began);
  });

  it('is told for a recipient, by its pace and after a refusal', () => {
    const { clock, limits, holds, send } = limitsOf(1000);
    for (let index = 0; index < 45; index += 1) send('one');
    const began = clock.monotonic();
    send('one');
    expect(holds).toEqual([{ limit: 'pair', cause: 'rate', heldMs: clock.monotonic() - began }]);
    holds.length = 0;
    clock.advance(600_000);
    limits.refused(rule(131056), 'two', 0);
    limits.refused(rule(131056), 'two', 0);
    clock.advance(1_000);
    send('two');
    send('three');
    expect(holds).toEqual([
      // The two that were refused, and the one that came while the recipient was shut.
      { limit: 'pair', cause: 'refusal', heldMs: 1_000 },
      { limit: 'pair', cause: 'refusal', heldMs: 4_000 },
      { limit: 'pair', cause: 'refusal', heldMs: 3_000 },
    ]);
  });

  it('is told for the number after a refusal, and for the app', () => {
    const { limits, holds, send } = limitsOf(80);
    limits.refused(rule(130429), 'one', 1_000);
    send('two');
    limits.refused(rule(4), 'one', 60_000);
    send('three');
    expect(holds).toEqual([
      { limit: 'number', cause: 'refusal', heldMs: 1_000 },
      { limit: 'number', cause: 'refusal', heldMs: 26 },
      { limit: 'app', cause: 'refusal', heldMs: 60_000 },
      { limit: 'app', cause: 'refusal', heldMs: 60_000 },
    ]);
  });

  it('is nobody’s when nothing waited: a limit that was asked for nothing holds no later send', () => {
    const { clock, limits, holds, send } = limitsOf(80);
    for (let index = 0; index < 8; index += 1) limits.took(`p${index}`);
    expect(limits.waitMs()).toBeGreaterThan(0);
    limits.refused(rule(131056), 'one', 0);
    expect(limits.recipientWaitMs('one')).toBe(1_000);
    holds.length = 0;
    clock.advance(10_000);
    send('one');
    expect(holds).toEqual([]);
  });
});
