import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import type { Store } from '@blazz/core';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { takeBack } from './earlier-version';
import { aMessage, openStore, somePath } from './folder';

const reader = { workspace_id: 'ws', consumer: 'reader' };

/** Everything that a caller can see of a store. */
async function seen({ outbox, events }: Store): Promise<string> {
  const pages: unknown[] = [];
  for (let before: number | undefined, more = true; more; ) {
    const page = await outbox.list('ws', { limit: 200, before });
    pages.push(page);
    before = page.at(-1)?.position;
    more = page.length === 200;
  }
  const log = await events.read('ws', { after: 0, limit: 1_000 });
  const cursor = await events.cursor(reader.workspace_id, reader.consumer);
  return JSON.stringify({ pages, log, cursor });
}

/** A file of the first version with many messages in it, and what a reader sees of it. */
async function manyMessages(): Promise<{ readonly path: string; readonly all: string }> {
  const path = await somePath();
  const store = await openStore(path);
  for (let i = 0; i < 5; i++) {
    const ids = Array.from({ length: 1_000 }, (_, n) => `msg_${i}_${n}`);
    await Promise.all(ids.map((id) => store.outbox.accept(aMessage(id), 'd', 60_000)));
  }
  await store.events.saveCursor(reader.workspace_id, reader.consumer, 7, 1);
  const all = await seen(store);
  await store.stop();
  takeBack(path);
  return { path, all };
}

function versionOf(path: string): number {
  const file = new Libsql(path);
  const [version] = file.prepare('PRAGMA user_version').raw().get() as [number];
  file.close();
  return version;
}

/** How a process that brings a file up to date is met by its end. */
type Moment = (path: string, opened: Promise<unknown>) => Promise<void>;

/** Once its log has grown by so many bytes: in the middle of a commit. */
const logHas =
  (bytes: number): Moment =>
  async (path) => {
    const log = `${path}-wal`;
    // Without a pause between two looks: a commit takes a few milliseconds.
    for (const until = Date.now() + 2_000; Date.now() < until; ) {
      if (existsSync(log) && statSync(log).size >= bytes) return;
    }
  };

const after =
  (ms: number): Moment =>
  () =>
    new Promise((resolve) => setTimeout(resolve, ms));

const whenOpen: Moment = async (_, opened) => void (await opened);

/** Brings a file up to date in a process of its own, and kills that at some moment. */
async function killed(path: string, moment: Moment): Promise<void> {
  const program = new URL('./programs/opener.ts', import.meta.url);
  const opener = fork(program, [path], { execArgv: ['--import', 'tsx'] });
  await once(opener, 'message');
  const opened = once(opener, 'message');
  const exit = once(opener, 'exit');
  opener.send('start');
  await moment(path, opened);
  opener.kill('SIGKILL');
  await exit;
}

describe('a file of an earlier version', () => {
  it('is brought up to date where it is, with all that it holds', async () => {
    const path = await somePath();
    const before = await openStore(path);
    const accepted = await before.outbox.accept(aMessage('msg_1'), 'digest', 60_000);
    await before.events.saveCursor('ws', 'reader', 0, 1);
    await before.stop();
    takeBack(path);
    const next = await openStore(path);
    expect(accepted).toMatchObject({ message: await next.outbox.get('ws', 'msg_1') });
    expect(await next.events.forgetKeys(0, 10)).toBe(0);
    expect(await next.outbox.list('ws', { limit: 10, sessionId: 'main' })).toHaveLength(1);
    // Nobody knows when its consumers were seen last: they are taken for seen now.
    await next.events.append({ workspaceId: 'ws', sessionId: 'main', epoch: 0 }, [
      {
        id: 'evt_1',
        type: 'message.revoked',
        session_id: 'main',
        time: '2026-01-01T00:00:00.000Z',
        data: { provider_message_id: 'wa-1', chat_id: 'chat@g.us' },
      },
    ]);
    expect(await next.events.forgetCursors(Date.now() - 60_000, 10)).toBe(0);
    expect(await next.events.forgetCursors(Date.now() + 60_000, 10)).toBe(1);
  });

  it('goes on from the old version or the new one when SIGKILL ends a migration', async () => {
    const { path, all } = await manyMessages();
    const whole = await somePath();
    copyFileSync(path, whole);
    await killed(whole, whenOpen);
    const length = statSync(`${whole}-wal`).size;
    const moments = [
      ...[0, 40].map(after),
      ...[0.01, 0.3, 0.6, 0.9].map((share) => logHas(length * share)),
    ];
    const newest = versionOf(whole);
    const versions: number[] = [];
    for (const [i, moment] of moments.entries()) {
      const own = await somePath();
      copyFileSync(path, own);
      await killed(own, moment);
      const look = `${own}.look`;
      copyFileSync(own, look);
      if (existsSync(`${own}-wal`)) copyFileSync(`${own}-wal`, `${look}-wal`);
      versions.push(versionOf(look));
      const store = await openStore(own);
      expect(await seen(store), `moment ${i}`).toBe(all);
      await store.outbox.accept(aMessage('msg_next'), 'd', 60_000);
      await store.stop();
    }
    console.log(`killed at schema ${versions.join(', ')}`);
    expect(newest).toBeGreaterThan(1);
    // Some must have been killed before the end, or the test proves less than it says.
    expect(versions.some((version) => version < newest)).toBe(true);
  }, 300_000);

  it('gives nobody what was set aside with whoever it was posted to', async () => {
    const path = await somePath();
    const before = await openStore(path);
    const error = { code: 'not_found', message: 'No session has it.', retryable: false } as const;
    const entry = { source: 'meta_api', body: '{}', received_at: 1, error, quarantined_at: 2 };
    const stray = { ...entry, entry_id: 'in_a', workspace_id: 'ws', session_id: '' };
    const own = { ...entry, entry_id: 'in_b', workspace_id: 'ws', session_id: 'main' };
    for (const each of [stray, own]) await before.intake.quarantine(each);
    await before.stop();
    const file = new Libsql(path);
    file.exec(`
      DROP INDEX intake_unclaimed;
      ALTER TABLE intake DROP COLUMN account;
      ALTER TABLE intake DROP COLUMN proof;
    `);
    file.pragma('user_version = 7');
    file.close();
    const { intake } = await openStore(path);
    expect(await intake.quarantined('ws', { limit: 10 })).toEqual([own]);
    expect(await intake.quarantined('', { limit: 10 })).toEqual([{ ...stray, workspace_id: '' }]);
  });

  it('still knows the keys and nonces that were used', async () => {
    const path = await somePath();
    const before = await openStore(path);
    for (const id of ['msg_1', 'msg_2', 'msg_3']) {
      await before.outbox.accept(aMessage(id), 'digest', 60_000);
    }
    await before.stop();
    takeBack(path);
    const after = await openStore(path);
    const replayed = await after.outbox.accept(aMessage('msg_2'), 'digest', 60_000);
    expect(replayed).toMatchObject({ kind: 'replayed', message: { message_id: 'msg_2' } });
    expect((await after.nonces.use('key', 'nonce', 4_999, 1_000)).fresh).toBe(false);
    expect((await after.nonces.use('key', 'nonce', 5_000, 1_000)).fresh).toBe(true);
  });
});
