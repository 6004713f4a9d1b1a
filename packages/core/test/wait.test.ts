import { delay, GatewayError, withDeadline } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';

const onTimeout = () => new GatewayError('timeout', 'Too late.');

describe('withDeadline', () => {
  it('gives what the work gives, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    const options = { clock, ms: 1_000, onTimeout };
    expect(await withDeadline(async () => 7, options)).toBe(7);
    await expect(withDeadline(() => Promise.reject('a bare string'), options)).rejects.toBe(
      'a bare string',
    );
    const thrower = (): Promise<never> => {
      throw new TypeError('at once');
    };
    await expect(withDeadline(thrower, options)).rejects.toThrow('at once');
    expect(clock.pending).toBe(0);
  });

  it('gives up at the deadline, tells the work, and swallows what comes late', async () => {
    const clock = new ManualClock();
    let told: unknown;
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          told = signal.reason;
          reject(new Error('late'));
        });
      });
    const waiting = expect(
      withDeadline(work, { clock, ms: 1_000, onTimeout }),
    ).rejects.toMatchObject({
      code: 'timeout',
    });
    await clock.advance(1_000);
    await waiting;
    expect(told).toMatchObject({ code: 'timeout' });
  });

  it("ends with the caller's own reason, before or during the work", async () => {
    const clock = new ManualClock();
    const caller = new AbortController();
    const never = (): Promise<never> => new Promise(() => undefined);
    const options = { clock, ms: 1_000, onTimeout, signal: caller.signal };
    const during = expect(withDeadline(never, options)).rejects.toThrow('enough');
    caller.abort(new Error('enough'));
    await during;
    let began = false;
    const work = async (): Promise<void> => {
      began = true;
    };
    await expect(withDeadline(work, options)).rejects.toThrow('enough');
    expect(began).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe('delay', () => {
  it('waits, or ends with the reason of its signal', async () => {
    const clock = new ManualClock();
    const caller = new AbortController();
    let done = false;
    const waited = delay(clock, 500).then(() => {
      done = true;
    });
    await clock.advance(499);
    expect(done).toBe(false);
    await clock.advance(1);
    await waited;
    const cut = expect(delay(clock, 500, caller.signal)).rejects.toThrow('enough');
    caller.abort(new Error('enough'));
    await cut;
    await expect(delay(clock, 500, caller.signal)).rejects.toThrow('enough');
    expect(clock.pending).toBe(0);
  });
});
