import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { aMessage, openStore, somePath } from './folder';

/** A file with 200 messages in it, cleanly closed. */
async function filled(): Promise<string> {
  const path = await somePath();
  const store = await openStore(path);
  for (let i = 0; i < 200; i++) await store.outbox.accept(aMessage(`msg_${i}`), 'd', 1_000);
  await store.stop();
  return path;
}

/** A start that is refused, and why. */
async function refused(path: string): Promise<string> {
  const error = await openStore(path).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code: 'store_unavailable' });
  return error.message;
}

describe('a damaged file is refused with a sentence, and left as it is', () => {
  it.each([1, 50, 99, 100, 4_000, 4_096, 5_000])('cut off after %i bytes', async (length) => {
    const path = await filled();
    await truncate(path, length);
    expect(await refused(path)).toMatch(/cut off|no SQLite database|another program/);
    expect((await stat(path)).size).toBe(length);
  });

  it('empty', async () => {
    const path = await filled();
    await truncate(path, 0);
    expect(await refused(path)).toMatch(/empty file.*backup/);
    expect((await stat(path)).size).toBe(0);
  });

  it('gone, while its log is there', async () => {
    const path = await somePath();
    await writeFile(`${path}-wal`, 'something');
    expect(await refused(path)).toMatch(/gone.*-wal/);
  });

  it('another program’s, or no database at all', async () => {
    const path = await somePath();
    const other = new Libsql(path);
    other.exec('CREATE TABLE notes (text)');
    other.close();
    expect(await refused(path)).toMatch(/another program/);
    await writeFile(path, 'x'.repeat(10_000));
    expect(await refused(path)).toMatch(/no SQLite database/);
  });

  it('of a newer version', async () => {
    const path = await filled();
    const file = new Libsql(path);
    file.pragma('user_version = 999');
    file.close();
    expect(await refused(path)).toMatch(/newer version.*schema 999/);
  });

  it('with broken pages: refused at once, or at the first touch, never read as nothing', async () => {
    const path = await filled();
    const whole = await readFile(path);
    const pages = whole.length / 4_096;
    for (let page = 1; page < pages; page++) {
      const broken = await somePath();
      const bytes = Buffer.from(whole);
      bytes.fill(0xa5, page * 4_096, page * 4_096 + 512);
      await writeFile(broken, bytes);
      const said = await openStore(broken)
        .then(async (store) => {
          const { length } = await store.outbox.list('ws', { limit: 200 });
          return length;
        })
        .catch((error) => error.message);
      expect(said === 200 || /damaged/.test(String(said)), `page ${page}: ${said}`).toBe(true);
    }
  });
});

describe('one process owns the file', () => {
  it('refuses a second one, which goes in once the first is gone, by SIGKILL too', async () => {
    const path = await filled();
    const program = new URL('./programs/holder.ts', import.meta.url);
    const holder = fork(program, [path], { execArgv: ['--import', 'tsx'] });
    const [answered] = await once(holder, 'message');
    expect(await refused(path)).toMatch(/Another process has the database open/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const store = await openStore(path);
    expect(await store.outbox.get('ws', String(answered))).toMatchObject({ status: 'queued' });
  }, 60_000);

  it('lets one in when several make the file at the same moment', async () => {
    const path = await somePath();
    const program = new URL('./programs/opener.ts', import.meta.url);
    const openers = Array.from({ length: 4 }, () =>
      fork(program, [path], { execArgv: ['--import', 'tsx'] }),
    );
    await Promise.all(openers.map((opener) => once(opener, 'message')));
    const answers = openers.map((opener) => once(opener, 'message'));
    for (const opener of openers) opener.send('now');
    const said = (await Promise.all(answers)).map(([words]) => String(words));
    const exits = openers.map((opener) => once(opener, 'exit'));
    for (const opener of openers) opener.kill('SIGKILL');
    await Promise.all(exits);
    expect(said.filter((words) => words === 'open')).toHaveLength(1);
    for (const words of said)
      expect(words).toMatch(/^open$|^Another process has the database open/);
    expect((await readdir(dirname(path))).filter((name) => name.endsWith('.new'))).toEqual([]);
  }, 120_000);

  it('refuses a second one in the same process, and goes on to hold it', async () => {
    const path = await filled();
    const store = await openStore(path);
    expect(await refused(path)).toMatch(/This process has .* open already/);
    const program = new URL('./programs/opener.ts', import.meta.url);
    const opener = fork(program, [path], { execArgv: ['--import', 'tsx'] });
    await once(opener, 'message');
    opener.send('now');
    const [said] = await once(opener, 'message');
    opener.kill('SIGKILL');
    expect(said).toMatch(/^Another process has the database open/);
    expect(await store.outbox.list('ws', { limit: 1 })).toHaveLength(1);
  }, 60_000);

  it('finds it by a link, too', async () => {
    const path = await filled();
    const link = `${path}.link`;
    await symlink(path, link);
    const store = await openStore(link);
    await store.outbox.accept(aMessage('msg_a'), 'd', 1_000);
    expect(await refused(path)).toMatch(/This process has .* open already/);
    await store.stop();
    const itself = await openStore(path);
    expect(await itself.outbox.get('ws', 'msg_a')).toMatchObject({ status: 'queued' });
  });

  it('writes what is pending, however often it is stopped at the same time', async () => {
    const path = await filled();
    const store = await openStore(path);
    const writes = Promise.all(
      ['msg_a', 'msg_b'].map((id) => store.outbox.accept(aMessage(id), 'd', 1_000)),
    );
    const stops = [store.stop(), store.stop()];
    const again = store.start();
    await Promise.all([writes, ...stops, again, store.start()]);
    expect(await store.outbox.get('ws', 'msg_b')).toMatchObject({ status: 'queued' });
  });

  it('does not mind a start after a stop, in the same process', async () => {
    const path = await filled();
    const store = await openStore(path);
    await store.stop();
    await expect(store.outbox.list('ws', { limit: 1 })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await store.start();
    expect(await store.outbox.list('ws', { limit: 1 })).toHaveLength(1);
    await copyFile(path, `${path}.copy`);
  });
});
