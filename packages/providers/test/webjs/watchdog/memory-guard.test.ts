import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';
import { MemoryGuard } from '../../../src/webjs/watchdog/memory-guard';

function guarded(limitBytes: number | undefined, sizes: readonly (number | undefined)[]) {
  const clock = new ManualClock();
  const seen = { measured: 0, idle: false, full: [] as number[] };
  const guard = new MemoryGuard({
    clock,
    limitBytes,
    probeMs: 60_000,
    measure: async () => sizes[seen.measured++],
    isIdle: () => seen.idle,
    onFull: (bytes) => seen.full.push(bytes),
  });
  guard.start();
  return { clock, guard, seen };
}

describe('MemoryGuard', () => {
  it('waits for the send under way, hands out no more, and tells once', async () => {
    const { clock, guard, seen } = guarded(100, [50, 101, 102]);
    await clock.advance(120_000);
    expect(guard.isDraining).toBe(false);
    await clock.advance(60_000);
    expect(guard.isDraining).toBe(true);
    await clock.advance(5_000);
    expect(seen.full).toEqual([]);
    seen.idle = true;
    await clock.advance(600_000);
    expect(seen.full).toEqual([102]);
    expect(clock.pending).toBe(0);
  });

  it('lets peaks pass, and what nobody can measure', async () => {
    const { clock, guard, seen } = guarded(100, [101, 99, 101, undefined, 101, 100]);
    seen.idle = true;
    await clock.advance(360_000);
    expect(seen).toMatchObject({ measured: 6, full: [] });
    guard.stop();
    guard.stop();
    expect(clock.pending).toBe(0);
  });

  it('measures nothing without a limit', async () => {
    const { clock, seen } = guarded(undefined, [1]);
    await clock.advance(600_000);
    expect(seen.measured).toBe(0);
  });
});
