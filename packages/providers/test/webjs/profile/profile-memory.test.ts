import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfileMemory } from '../../../src/webjs/profile/profile-memory';

describe('ProfileMemory', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'blazz-memory-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const clock = new ManualClock();
  const now = Math.floor(clock.now() / 1000);
  const errors: string[] = [];
  const memoryIn = (folder: string): ProfileMemory =>
    new ProfileMemory({
      paths: { dir: folder, browserDir: join(folder, 'session') },
      clock,
      logger: { ...silentLogger, error: (message) => errors.push(message) },
      lookBackMs: 3_600_000,
    });

  it('does not count as seen what came in while the rest was still looked for', async () => {
    const first = memoryIn(dir);
    await first.load();
    expect(first.hold()).toBe(now - 3_600);
    first.seen(now);
    expect(first.hold()).toBe(now - 3_600);
    // A crash now, or a stop, makes the next run look from there again.
    await first.flush();
    const second = memoryIn(dir);
    await second.load();
    expect(second.hold()).toBe(now - 3_600);

    second.seen(now);
    second.release();
    await second.flush();
    const third = memoryIn(dir);
    await third.load();
    expect(third.hold()).toBe(now);
  });

  it('goes on when the disk takes nothing, says so, and tries again', async () => {
    const gone = join(dir, 'gone');
    const memory = memoryIn(gone);
    await memory.load();
    memory.linked();
    expect(memory.isLinked).toBe(false);
    expect(errors.at(-1)).toContain('make room');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(gone);
    memory.linked();
    expect(memory.isLinked).toBe(true);
    expect(JSON.parse(await readFile(join(gone, 'link.json'), 'utf8'))).toEqual({ linked: true });
  });
});
