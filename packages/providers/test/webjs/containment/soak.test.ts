import { describe, expect, it } from 'vitest';
import { run } from '../support/run';

/** `BLAZZ_SOAK=1` runs the long one. */
const rounds = process.env.BLAZZ_SOAK ? 100 : 12;

describe('a page that reloads while its browser dies', () => {
  it(`never takes the process along: ${rounds} rounds`, { timeout: rounds * 10_000 }, async () => {
    const ran = await run('reload-then-kill.ts', [String(rounds)], { timeoutMs: rounds * 10_000 });
    expect(ran).toMatchObject({ code: 0, signal: null });
    const figures = JSON.parse(ran.stdout);
    if (process.env.BLAZZ_SOAK) process.stderr.write(`soak: ${ran.stdout}`);
    const stops = Math.floor(rounds / 3);
    expect(figures).toMatchObject({ rounds, stops, downs: rounds - stops, orphans: 0 });
  });
});
