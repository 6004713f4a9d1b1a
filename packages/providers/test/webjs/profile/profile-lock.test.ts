import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProcess } from '../../../src/webjs/browser/process-table';
import { acquireProfileLock, lockFileName } from '../../../src/webjs/profile/profile-lock';
import { launch } from '../support/run';

describe('acquireProfileLock', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'blazz-lock-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const write = (owner: object): Promise<void> =>
    writeFile(join(dir, lockFileName), JSON.stringify({ token: 't', started: '1', ...owner }));
  const refused = { code: 'profile_locked', retryable: true };

  it('is exclusive until it is released, and leaves nothing', async () => {
    const lock = await acquireProfileLock(dir);
    await expect(acquireProfileLock(dir)).rejects.toMatchObject(refused);
    await lock.release();
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
    await (await acquireProfileLock(dir)).release();
  });

  it('goes to exactly one of many that try at once', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => acquireProfileLock(dir)),
    );
    expect(tries.filter((entry) => entry.status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dir)).toEqual([lockFileName]);
  });

  it('goes to exactly one of many that find a dead owner', async () => {
    await write({ host: hostname(), pid: 4_194_301 });
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => acquireProfileLock(dir)),
    );
    expect(tries.filter((entry) => entry.status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dir)).toEqual([lockFileName]);
  });

  it('refuses a second process, and takes over when that died', async () => {
    const child = launch('hold-lock.ts', [dir]);
    await once(child.stdout, 'data');
    await expect(acquireProfileLock(dir)).rejects.toMatchObject(refused);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await acquireProfileLock(dir);
    expect(lock.owner.pid).toBe(process.pid);
    await lock.release();
  });

  it('takes over from a dead process whose id was given out again', async () => {
    const self = await findProcess(process.pid);
    await write({ host: hostname(), pid: process.pid, started: `${self?.started}0` });
    await (await acquireProfileLock(dir)).release();
  });

  it("respects another machine's lock, dead or alive", async () => {
    await write({ host: 'another', pid: 4_194_301 });
    await expect(acquireProfileLock(dir)).rejects.toMatchObject(refused);
    expect(await readFile(join(dir, lockFileName), 'utf8')).toContain('another');
  });

  it("takes another machine's lock over when the caller holds a lease", async () => {
    await write({ host: 'another', pid: 4_194_301 });
    const lock = await acquireProfileLock(dir, { leaseHeld: true });
    expect(lock.owner.host).toBe(hostname());
  });

  it('takes over a file that is no lock', async () => {
    await writeFile(join(dir, lockFileName), '{"half": ');
    await (await acquireProfileLock(dir)).release();
  });

  it('does not release what somebody else took over', async () => {
    const lock = await acquireProfileLock(dir);
    await write({ host: 'another', pid: 1, token: 'theirs' });
    await lock.release();
    expect(await readFile(join(dir, lockFileName), 'utf8')).toContain('theirs');
  });
});
