import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/run';

/** `BLAZZ_SOAK=1` runs the long one. */
const rounds = process.env.BLAZZ_SOAK ? 100 : 6;

describe('a page that reloads while its browser dies', () => {
  it(`never takes the process along: ${rounds} rounds`, { timeout: rounds * 10_000 }, async () => {
    const ran = await run('reload-then-kill.ts', [String(rounds)], { timeoutMs: rounds * 10_000 });
    expect(ran).toMatchObject({ code: 0, signal: null });
    const figures = JSON.parse(ran.stdout);
    if (process.env.BLAZZ_SOAK) process.stderr.write(`soak: ${ran.stdout}`);
    const stops = Math.floor(rounds / 3);
    expect(figures).toMatchObject({ rounds, stops, downs: rounds - stops, orphans: 0 });
  });

  describe('with the library as it is', () => {
    async function harm(mode: 'guarded' | 'bare') {
      const dir = await mkdtemp(join(tmpdir(), 'blazz-bare-'));
      try {
        return await run('bare-library.ts', ['4', mode, dir], { timeoutMs: 60_000 });
      } finally {
        await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      }
    }

    it('ends a process that has no guard', async () => {
      const { code, stderr } = await harm('bare');
      expect(code).toBe(1);
      expect(stderr).toContain('whatsapp-web.js/src/Client.js');
    });

    it('leaves a guarded process alive: its rejections belong to the scope of their browser', async () => {
      const { code, stdout } = await harm('guarded');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).contained).toBeGreaterThan(0);
    });
  });
});
