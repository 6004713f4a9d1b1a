import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearSingletonLock } from '../../../src/webjs/profile/singleton-lock';

describe('clearSingletonLock', () => {
  let dir: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'blazz-singleton-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  async function leave(owner: string): Promise<void> {
    await symlink(owner, join(dir, 'SingletonLock'));
    await symlink('123456', join(dir, 'SingletonCookie'));
    await writeFile(join(dir, 'SingletonSocket'), '');
    await writeFile(join(dir, 'Local State'), '{}');
  }

  async function process(...args: string[]): Promise<number> {
    const script = `process.stdout.write('up');setInterval(()=>0,1e6)`;
    const child = spawn(globalThis.process.execPath, ['-e', script, '--', ...args]);
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  }

  it('has nothing to do without a lock', async () => {
    expect(await clearSingletonLock(dir)).toBe(false);
    expect(await clearSingletonLock(join(dir, 'none'))).toBe(false);
  });

  it('removes a dead owner’s, and nothing else of the profile', async () => {
    await leave(`${hostname()}-4194301`);
    expect(await clearSingletonLock(dir)).toBe(true);
    expect(await readdir(dir)).toEqual(['Local State']);
  });

  it('removes one whose process id went to another program', async () => {
    await leave(`${hostname()}-${await process('something', 'else')}`);
    expect(await clearSingletonLock(dir)).toBe(true);
  });

  it('removes one whose process id went to the browser of another session', async () => {
    await leave(`${hostname()}-${await process(`--user-data-dir=${dir}-other`)}`);
    expect(await clearSingletonLock(dir)).toBe(true);
  });

  it('keeps one whose owner lives and uses the profile', async () => {
    await leave(`${hostname()}-${await process(`--user-data-dir=${dir}`)}`);
    await expect(clearSingletonLock(dir)).rejects.toMatchObject({ code: 'profile_locked' });
    expect(await readdir(dir)).toHaveLength(4);
  });

  it("respects another machine's, unless the caller holds a lease", async () => {
    await leave('another-host-with-dashes-17');
    await expect(clearSingletonLock(dir)).rejects.toMatchObject({ code: 'profile_locked' });
    expect(await clearSingletonLock(dir, { leaseHeld: true })).toBe(true);
    expect(await readdir(dir)).toEqual(['Local State']);
  });
});
