import { delay, withDeadline } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('ManualClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock({ now: 1_000, monotonic: 50 });
    expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([1_000, 50, 0]);
    await clock.advance(25);
    expect([clock.now(), clock.monotonic()]).toEqual([1_025, 75]);
  });

  it('fires timers by time, and those of one time in the order they were set', async () => {
    const clock = new ManualClock();
    const fired: string[] = [];
    clock.schedule(30, () => fired.push('c'));
    clock.schedule(10, () => fired.push('a'));
    clock.schedule(20, () => fired.push('b1'));
    clock.schedule(20, () => fired.push('b2'));
    clock.schedule(31, () => fired.push('never'));
    await clock.advance(30);
    expect(fired).toEqual(['a', 'b1', 'b2', 'c']);
    expect(clock.pending).toBe(1);
  });

  it('shows each timer its own time', async () => {
    const clock = new ManualClock({ now: 0 });
    const seen: number[][] = [];
    for (const ms of [5, 12, 40]) {
      clock.schedule(ms, () => seen.push([clock.now(), clock.monotonic()]));
    }
    await clock.advance(100);
    expect(seen).toEqual([
      [5, 5],
      [12, 12],
      [40, 40],
    ]);
    expect(clock.now()).toBe(100);
  });

  it('fires timers that other timers set, in time order with the rest', async () => {
    const clock = new ManualClock({ now: 0 });
    const log: string[] = [];
    clock.schedule(10, () => {
      log.push(`first ${clock.now()}`);
      clock.schedule(5, () => log.push(`chained ${clock.now()}`));
    });
    clock.schedule(20, () => log.push(`last ${clock.now()}`));
    await clock.advance(20);
    expect(log).toEqual(['first 10', 'chained 15', 'last 20']);
  });

  it('waits for promise chains and setImmediate turns that end in another timer', async () => {
    const clock = new ManualClock({ now: 0 });
    const log: string[] = [];
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const work = async () => {
      await delay(clock, 10);
      for (let i = 0; i < 50; i++) await Promise.resolve();
      for (let i = 0; i < 5; i++) await turn();
      await delay(clock, 10);
      log.push(`work ${clock.now()}`);
    };
    const done = work();
    clock.schedule(25, () => log.push(`other ${clock.now()}`));
    await clock.advance(30);
    await done;
    expect(log).toEqual(['work 20', 'other 25']);
  });

  it('fires what is due now when time does not move, and treats negative delays as due', async () => {
    const clock = new ManualClock();
    let fired = 0;
    clock.schedule(0, () => fired++);
    clock.schedule(-5, () => fired++);
    await clock.advance(0);
    expect(fired).toBe(2);
  });

  it('never fires a cancelled timer, and lets cancel be called again', async () => {
    const clock = new ManualClock();
    let fired = 0;
    const cancel = clock.schedule(10, () => fired++);
    clock.schedule(10, () => fired++);
    cancel();
    cancel();
    expect(clock.pending).toBe(1);
    await clock.advance(10);
    cancel();
    expect(fired).toBe(1);
  });

  it('moves the wall clock alone when it jumps', async () => {
    const clock = new ManualClock({ now: 1_000 });
    let fired = false;
    clock.schedule(100, () => {
      fired = true;
    });
    clock.jump(-900);
    clock.jump(3_600_000);
    expect([clock.now(), clock.monotonic(), fired]).toEqual([3_600_100, 0, false]);
    await clock.advance(100);
    expect([clock.now(), clock.monotonic(), fired]).toEqual([3_600_200, 100, true]);
  });

  it('serialises two calls of advance', async () => {
    const clock = new ManualClock({ now: 0 });
    const seen: number[] = [];
    for (const ms of [10, 20, 30]) clock.schedule(ms, () => seen.push(clock.now()));
    await Promise.all([clock.advance(15), clock.advance(15)]);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(30);
  });

  it('drives deadlines of core', async () => {
    const clock = new ManualClock();
    const late = withDeadline(() => new Promise(() => undefined), {
      clock,
      ms: 15_000,
      onTimeout: () => new Error('too late'),
    });
    const outcome = expect(late).rejects.toThrow('too late');
    await clock.advance(14_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await outcome;
    expect(clock.pending).toBe(0);
  });

  it('rejects with what a timer throws, and goes on afterwards', async () => {
    const clock = new ManualClock();
    let fired = false;
    clock.schedule(1, () => {
      throw new Error('broken timer');
    });
    clock.schedule(2, () => {
      fired = true;
    });
    await expect(clock.advance(5)).rejects.toThrow('broken timer');
    expect(clock.monotonic()).toBe(1);
    await clock.advance(1);
    expect(fired).toBe(true);
  });

  it('refuses to go back', () => {
    expect(() => new ManualClock().advance(-1)).toThrow('Time moves forward');
    expect(() => new ManualClock().advance(Number.NaN)).toThrow('Time moves forward');
  });

  it('plays until work is done, and no further', async () => {
    const clock = new ManualClock({ now: 0 });
    clock.schedule(10_000, () => undefined);
    const work = delay(clock, 700)
      .then(() => delay(clock, 300))
      .then(() => 'done');
    await expect(clock.play(work)).resolves.toBe('done');
    expect(clock.now()).toBe(1_000);
    await expect(clock.play(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });

  it('says so when nothing it can do finishes the work', async () => {
    const clock = new ManualClock({ now: 0 });
    clock.schedule(60_000, () => undefined);
    await expect(clock.play(new Promise(() => undefined), 1_000)).rejects.toThrow(
      '1 timers are set',
    );
    expect(clock.now()).toBe(0);
  });

  it('fires any set of timers in order, whatever is cancelled', async () => {
    const timer = fc.record({ ms: fc.integer({ min: 0, max: 50 }), cancelled: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(timer, { maxLength: 30 }), async (timers) => {
        const clock = new ManualClock({ quietTurns: 1 });
        const fired: number[] = [];
        const cancels = timers.map(({ ms }, index) => clock.schedule(ms, () => fired.push(index)));
        timers.forEach(({ cancelled }, index) => {
          if (cancelled) cancels[index]?.();
        });
        await clock.advance(50);
        const expected = timers
          .map((entry, index) => ({ ...entry, index }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.ms - b.ms || a.index - b.index)
          .map(({ index }) => index);
        expect(fired).toEqual(expected);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
