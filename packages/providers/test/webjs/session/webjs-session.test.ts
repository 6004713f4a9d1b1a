import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { type FoundBrowser, findBrowser } from '../../../src/webjs/browser/find-browser';
import { RejectionGuard } from '../../../src/webjs/containment/rejection-guard';
import { loadLibrary } from '../../../src/webjs/library/load-library';
import { resolveOptions } from '../../../src/webjs/options';
import { WebjsSession } from '../../../src/webjs/session/webjs-session';
import { Lab, processesIn } from '../support/lab';

const patience = (): AbortSignal => AbortSignal.timeout(60_000);

/** A session whose browser is found when the test says so. */
async function waitingSession() {
  const dir = await mkdtemp(join(tmpdir(), 'blazz-session-'));
  let found: (browser: FoundBrowser) => void = () => undefined;
  let tell: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const session = new WebjsSession(
    {
      workspaceId: 'w1',
      sessionId: 's1',
      settings: {},
      emit: () => undefined,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
    },
    {
      options: resolveOptions({ sessionsDir: dir }),
      guard: new RejectionGuard(),
      library: loadLibrary,
      browser: () => {
        tell();
        return new Promise((resolve) => {
          found = resolve;
        });
      },
    },
  );
  return { dir, session, asked, found: (browser: FoundBrowser) => found(browser) };
}

describe('WebjsSession', () => {
  it.each(['stop', 'logout'] as const)(
    'starts nothing after a %s that came while a browser was looked for',
    async (end) => {
      const { dir, session, asked, found } = await waitingSession();
      const listeners = process.listenerCount('unhandledRejection');
      const starting = expect(session.start(patience())).rejects.toMatchObject({
        code: 'shutting_down',
      });
      await asked;
      await (end === 'stop' ? session.stop() : session.logout.logout(patience()));
      found(await findBrowser());
      await starting;
      expect(await processesIn(dir)).toEqual([]);
      expect(process.listenerCount('unhandledRejection')).toBe(listeners);
      await rm(dir, { recursive: true });
    },
  );

  it('says what is wrong with a sessions folder that cannot be written', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'blazz-session-'));
    await mkdir(join(dir, 'workspace_w1'));
    await writeFile(join(dir, 'workspace_w1', 's1'), 'a file');
    await using lab = await Lab.open();
    const station = lab.station('s1', { sessionsDir: dir });
    await expect(station.start()).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('sessionsDir'),
    });
    await rm(dir, { recursive: true });
  });

  it('does not end the process when a pipe breaks after puppeteer let go of it', async () => {
    const children: ChildProcess[] = [];
    const onChild = (message: unknown): void => {
      children.push((message as { process: ChildProcess }).process);
    };
    subscribe('child_process', onChild);
    await using lab = await Lab.open();
    const station = lab.station('s1');
    await station.start();
    unsubscribe('child_process', onChild);
    await station.provider.stop();
    const browser = children.find(({ spawnargs }) =>
      spawnargs.some((arg) => arg.includes(lab.dir)),
    );
    expect(browser?.stdio.length).toBe(5);
    for (const stream of browser?.stdio ?? []) stream?.emit('error', new Error('read ECONNRESET'));
  });
});
