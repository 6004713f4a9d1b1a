import { readlink, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser, systemBrowsers } from '../../src/webjs/browser/find-browser';
import { Lab, send } from './support/lab';

/** A full Chromium, when one is at hand: only that one has a lock of its own in its profile. */
const full = await findBrowser({
  env: { CHROME_PATH: process.env.BLAZZ_FULL_CHROMIUM },
  system: systemBrowsers.filter((path) => !path.includes('headless')),
  packaged: [],
}).then(
  ({ path }) => path,
  () => undefined,
);

const me = '628111000001';

describe.skipIf(full === undefined)('full Chromium', () => {
  let lab: Lab;
  const options = { browserPath: full ?? '' };
  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('runs a session, and locks its profile while it does', async () => {
    const station = await lab.linked('s1', me, options);
    const lock = join(lab.dir, 'workspace_w1', 's1', 'session', 'SingletonLock');
    expect(await readlink(lock)).toMatch(new RegExp(`^${hostname()}-\\d+$`));
    expect(await send(station, '628222000002', 'hello')).toMatchObject({ status: 'sent' });
    await station.provider.stop();
    await expect(readlink(lock)).rejects.toThrow();
  });

  it("starts on a lock that a killed browser left, and on another machine's with a lease", async () => {
    const first = await lab.linked('s1', me, options);
    const profile = join(lab.dir, 'workspace_w1', 's1', 'session');
    const [, pid] = (await readlink(join(profile, 'SingletonLock'))).split(/-(?=\d+$)/);
    process.kill(Number(pid), 'SIGKILL');
    await first.until('down');
    await first.provider.stop();
    expect(await readlink(join(profile, 'SingletonLock'))).toContain(String(pid));

    const second = lab.station('s1', options);
    await second.start();
    await second.until('ready');
    await second.provider.stop();

    await symlink('another-host-17', join(profile, 'SingletonLock'));
    await writeFile(join(profile, 'SingletonCookie'), '');
    const refused = lab.station('s1', options);
    await expect(refused.start()).rejects.toMatchObject({ code: 'profile_locked' });
    await refused.provider.stop();
    const holder = lab.station('s1', { ...options, leaseHeld: true });
    await holder.start();
    await holder.until('ready');
  });
});
