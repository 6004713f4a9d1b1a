import { GatewayError } from '@blazz/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Committer, type Part } from '../../src/sqlite/committer';
import { Database } from '../../src/sqlite/database';
import { LogSync } from '../../src/sqlite/log-sync';

/** A disk whose syncs end when the test says so. No real one can be asked for that. */
class HeldLog {
  #held: { resolve(): void; reject(error: unknown): void } | undefined;
  #begun: (() => void) | undefined;
  syncs = 0;

  sync(): Promise<void> {
    this.syncs++;
    const held = new Promise<void>((resolve, reject) => {
      this.#held = { resolve, reject };
    });
    this.#begun?.();
    return held;
  }

  /** Resolves when a sync is under way. */
  begun(): Promise<void> {
    if (this.#held !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#begun = resolve;
    });
  }

  end(error?: unknown): void {
    const held = this.#held;
    this.#held = undefined;
    if (error === undefined) held?.resolve();
    else held?.reject(error);
  }
}

const refused = Object.assign(new Error('EIO'), { code: 'SQLITE_IOERR_FSYNC' });
let database: Database;
let log: HeldLog;
let committer: Committer;
let now: number;

beforeEach(() => {
  database = new Database();
  database.open(':memory:');
  database.exec('CREATE TABLE t (a UNIQUE)');
  log = new HeldLog();
  now = 0;
  committer = new Committer(database, () => now);
  committer.open(log);
});

afterEach(() => database.close());

function put(value: number): Promise<number> {
  return committer.write(() => database.prepare('INSERT INTO t VALUES (?)').run([value]).changes);
}

function count(): number {
  return Number(database.prepare('SELECT count(*) FROM t').get([])?.[0]);
}

/** Which of these have settled, once all that can has. */
async function settled(...promises: readonly Promise<unknown>[]): Promise<readonly number[]> {
  const done = new Set<number>();
  for (const [i, promise] of promises.entries()) {
    promise.catch(() => undefined).finally(() => done.add(i));
  }
  await new Promise((resolve) => setImmediate(resolve));
  return [...done].sort();
}

describe('a commit', () => {
  it('is told to nobody before it is on the disk: neither to its writers nor to readers', async () => {
    const heard: string[] = [];
    const part: Part = {
      flush: () => undefined,
      reset: () => undefined,
      committed: () => heard.push('committed'),
      durable: () => heard.push('durable'),
    };
    committer.add(part);
    const writes = [put(1), put(2)];
    await log.begun();
    const read = committer.read(count);
    const peeked = committer.peek(count);
    expect(await settled(...writes, read, peeked)).toEqual([3]);
    expect(heard).toEqual(['committed']);
    log.end();
    expect(await Promise.all([...writes, read])).toEqual([1, 1, 2]);
    expect(heard).toEqual(['committed', 'durable']);
  });

  it('takes all that came while the disk was busy with the one before', async () => {
    const first = put(1);
    await log.begun();
    const later = Array.from({ length: 50 }, (_, i) => put(i + 2));
    expect(await committer.peek(count)).toBe(1);
    log.end();
    await first;
    await log.begun();
    expect(await settled(...later)).toEqual([]);
    log.end();
    await Promise.all(later);
    expect(log.syncs).toBe(2);
  });

  it('is synced although one of its writes could not be kept', async () => {
    const writes = [put(1), put(1), put(2)];
    await log.begun();
    log.end();
    const ends = await Promise.allSettled(writes);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log.syncs).toBe(1);
  });

  it('is answered at the end, too', async () => {
    const early = put(1);
    await log.begun();
    const late = put(2);
    const closing = committer.close();
    await expect(put(3)).rejects.toMatchObject({ code: 'store_unavailable' });
    log.end();
    await early;
    await log.begun();
    log.end();
    await Promise.all([late, closing]);
    expect(count()).toBe(2);
  });
});

describe('a disk that refuses to sync', () => {
  it('is believed nothing more until the file is opened anew', async () => {
    const write = put(1);
    await log.begun();
    const read = committer.read(count);
    const waiting = put(2);
    log.end(refused);
    const failure = {
      code: 'store_unavailable',
      retryable: true,
      message: /start the process again/,
    };
    for (const each of [write, read, waiting, put(3), committer.read(count)]) {
      await expect(each).rejects.toMatchObject(failure);
    }
    expect(log.syncs).toBe(1);
    await committer.close();
    committer.open(log);
    expect(await committer.read(count)).toBe(1);
  });

  it('may be one that is full', async () => {
    const write = put(1);
    await log.begun();
    log.end(Object.assign(new Error('ENOSPC'), { code: 'SQLITE_FULL' }));
    await expect(write).rejects.toMatchObject({ message: /disk is full.*Free some space/ });
  });

  it('is heard in the thread that syncs, and that ends with the log', async () => {
    const device = new LogSync('/dev/null');
    await expect(device.sync()).rejects.toMatchObject({ code: 'SQLITE_IOERR_FSYNC' });
    const sync = device.sync();
    await Promise.all([expect(sync).rejects.toThrow(), device.close()]);
    await expect(device.sync()).rejects.toThrow('closed');
  });
});

describe('a disk that does not come back from a sync', () => {
  it('keeps waiting who asked, refuses who comes later, and is taken at its word again', async () => {
    const write = put(1);
    await log.begun();
    now = 4_999;
    const waiting = [put(2), committer.read(count)];
    now = 5_000;
    const hangs = { code: 'store_unavailable', retryable: true, message: /has not answered/ };
    for (const each of [put(3), committer.read(count), committer.peek(count)]) {
      await expect(each).rejects.toMatchObject(hangs);
    }
    expect(await settled(write, ...waiting)).toEqual([]);
    log.end();
    expect(await write).toBe(1);
    await log.begun();
    log.end();
    expect(await Promise.all(waiting)).toEqual([1, 1]);
    expect(await committer.read(count)).toBe(2);
  });
});

it('refuses what comes from a caller alone, and does not wait for anybody', async () => {
  const write = committer.write(() => {
    throw new GatewayError('not_found', 'There is none.');
  });
  await log.begun();
  log.end();
  await expect(write).rejects.toMatchObject({ code: 'not_found' });
});
