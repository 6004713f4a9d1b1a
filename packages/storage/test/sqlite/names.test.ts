import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { aMessage, openStore, somePath } from './folder';

/** More than fit into one row of the log, and into one segment of its index. */
const MANY = 70_000;

describe('names that were used', () => {
  it('are known by the tens of thousands, after a restart too, until they end', async () => {
    const path = await somePath();
    const use = (store: Awaited<ReturnType<typeof openStore>>, nth: number, now: number) =>
      store.nonces.use('key', `nonce-${nth}`, now, 1_000 + nth).then(({ fresh }) => fresh);
    const all = Array.from({ length: MANY }, (_, nth) => nth);
    const before = await openStore(path);
    for (let at = 0; at < MANY; at += 10_000) {
      const taken = all.slice(at, at + 10_000).map((nth) => use(before, nth, 0));
      expect(new Set(await Promise.all(taken))).toEqual(new Set([true]));
    }
    const some = all.filter((nth) => nth % 97 === 0);
    const again = await Promise.all(some.map((nth) => use(before, nth, 999)));
    expect(new Set(again)).toEqual(new Set([false]));
    await before.stop();
    const after = await openStore(path);
    const later = await Promise.all(some.map((nth) => use(after, nth, 41_000)));
    expect(later).toEqual(some.map((nth) => nth <= 40_000));
  }, 60_000);

  it('leave the disk once they have ended', async () => {
    const path = await somePath();
    const store = await openStore(path);
    for (let commit = 0; commit < 300; commit++) {
      const { kept } = await store.nonces.use('key', `nonce-${commit}`, commit * 100, 1_000);
      await kept;
    }
    await store.stop();
    const file = new Libsql(path);
    const [rows] = file.prepare('SELECT count(*) AS rows FROM used_nonces').all();
    file.close();
    expect((rows as { rows: number }).rows).toBeLessThan(80);
  });

  it('count again after their end, whichever commit brings them', async () => {
    const { outbox } = await openStore(await somePath());
    const at = (id: string, created_at: number) => ({
      ...aMessage(id),
      idempotency_key: 'the-same-key-for-all',
      created_at,
    });
    const [first, second, third] = await Promise.all([
      outbox.accept(at('msg_1', 0), 'd', 1_000),
      outbox.accept(at('msg_2', 1_000), 'd', 1_000),
      outbox.accept(at('msg_3', 1_999), 'd', 1_000),
    ]);
    expect([first.kind, second.kind]).toEqual(['accepted', 'accepted']);
    expect(third).toMatchObject({ kind: 'replayed', message: { message_id: 'msg_2' } });
    expect(await outbox.accept(at('msg_4', 1_999), 'other', 1_000)).toEqual({ kind: 'mismatch' });
    expect(await outbox.accept(at('msg_5', 2_000), 'd', 1_000)).toMatchObject({ kind: 'accepted' });
  });

  it('are not taken from a commit that came to nothing', async () => {
    const { outbox } = await openStore(await somePath());
    const endless: Record<string, unknown> = {};
    endless.itself = endless;
    const faulty = { ...aMessage('msg_1'), content: endless as never };
    await expect(outbox.accept(faulty, 'd', 1_000)).rejects.toMatchObject({ code: 'internal' });
    expect(await outbox.accept(aMessage('msg_1'), 'd', 1_000)).toMatchObject({ kind: 'accepted' });
  });
});
