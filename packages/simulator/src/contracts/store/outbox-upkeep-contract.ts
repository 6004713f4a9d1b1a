import { describe, expect, it } from 'vitest';
import { bob, OutboxDriver, someError } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** After a crash, at the end of a message's time, and what is told about it all. */
export function outboxUpkeepContract(under: StoreUnderTest): void {
  describe('recover', () => {
    it('makes cut-off attempts of earlier epochs unknown, never queued', async () => {
      const before = new OutboxDriver(under, { epoch: 1 });
      for (const id of ['msg_a', 'msg_b', 'msg_c', 'msg_d']) await before.accept(id);
      await before.begin('msg_a');
      await before.begin('msg_b');
      await before.send('msg_c');
      await under.clock.advance(20_000);
      const after = new OutboxDriver(under, { epoch: 2 });
      const changed = await after.recover();
      expect(changed.map(({ message_id, status }) => `${message_id} ${status}`)).toEqual([
        'msg_a unknown',
        'msg_b unknown',
      ]);
      expect(changed[0]).toMatchObject({
        updated_at: under.clock.now(),
        attempts: [{ number: 1, epoch: 1, finished_at: under.clock.now(), outcome: 'unknown' }],
        error: { code: 'internal', retryable: false },
      });
      expect(await after.told()).toEqual(['msg_c sent', 'msg_a unknown', 'msg_b unknown']);
      expect(await after.claim()).toEqual(['msg_d']);
      expect(await after.recover()).toEqual([]);
    });

    it('puts a message back that asks for at least once, in its old place', async () => {
      const before = new OutboxDriver(under, { epoch: 1 });
      await before.accept('msg_a', { on_ambiguous: 'retry' });
      await before.accept('msg_b');
      await before.begin('msg_a');
      const after = new OutboxDriver(under, { epoch: 2 });
      expect(await after.recover()).toMatchObject([{ message_id: 'msg_a', status: 'queued' }]);
      expect(await after.claim()).toEqual(['msg_a']);
      expect((await after.begin('msg_a'))?.attempts).toHaveLength(2);
      expect(await after.told()).toEqual([]);
    });

    it('leaves attempts of its own epoch alone', async () => {
      const driver = new OutboxDriver(under, { epoch: 2 });
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      expect(await driver.recover()).toEqual([]);
      expect(await driver.get('msg_a')).toMatchObject({ status: 'sending' });
    });

    it('lets a late proof settle what it held', async () => {
      const before = new OutboxDriver(under, { epoch: 1 });
      await before.accept('msg_a');
      await before.begin('msg_a');
      const after = new OutboxDriver(under, { epoch: 2 });
      await after.recover();
      const proof = { outcome: 'sent', provider_message_id: 'wa-1' } as const;
      expect(await after.finish('msg_a', proof)).toMatchObject({ status: 'sent' });
    });
  });

  describe('expire', () => {
    it('ends a queued message, and tells it', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { expires_at: under.clock.now() + 1_000 });
      await driver.accept('msg_b');
      await under.clock.advance(1_000);
      expect(await driver.expire('msg_a')).toMatchObject({ status: 'expired' });
      expect(await driver.claim()).toEqual(['msg_b']);
      expect(await driver.told()).toEqual(['msg_a expired']);
    });

    it('does nothing to a message that has left the queue', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      const begun = await driver.begin('msg_a');
      expect(await driver.expire('msg_a')).toEqual(begun);
      expect(await driver.expire('msg_none')).toBeUndefined();
      expect(await driver.told()).toEqual([]);
    });

    it('also ends one that stands behind others', async () => {
      const driver = new OutboxDriver(under);
      for (const id of ['msg_1', 'msg_2', 'msg_3']) await driver.accept(id);
      await driver.expire('msg_2');
      await driver.send('msg_1');
      expect(await driver.claim()).toEqual(['msg_3']);
    });
  });

  describe('depth', () => {
    it('counts messages where they are', async () => {
      const driver = new OutboxDriver(under);
      const { outbox } = under.store;
      const none = { queued: { interactive: 0, bulk: 0 }, sending: 0, unknown: 0 };
      expect(await outbox.depth('ws', 'main')).toEqual(none);
      for (let i = 0; i < 5; i++) await driver.accept(`msg_${i}`);
      await driver.accept('msg_bulk', { lane: 'bulk' });
      await driver.accept('msg_later', { lane: 'bulk', send_at: under.clock.now() + 1 });
      await new OutboxDriver(under, { sessionId: 'other' }).accept('msg_other');
      await driver.begin('msg_0');
      await driver.send('msg_1');
      await driver.begin('msg_2');
      await driver.finish('msg_2', { outcome: 'unknown', error: someError });
      await driver.backOff('msg_3', 1_000);
      expect(await outbox.depth('ws', 'main')).toEqual({
        queued: { interactive: 2, bulk: 2 },
        sending: 1,
        unknown: 1,
      });
    });
  });

  describe('list', () => {
    it('gives pages, newest first, that neither skip nor repeat', async () => {
      const driver = new OutboxDriver(under);
      for (let i = 0; i < 7; i++) await driver.accept(`msg_${i}`);
      const seen: string[] = [];
      let before: number | undefined;
      for (let page = 0; page < 4; page++) {
        const list = await under.store.outbox.list('ws', { limit: 3, before });
        seen.push(...list.map(({ message_id }) => message_id));
        before = list.at(-1)?.position ?? before;
        // What is accepted meanwhile belongs on a page that was turned already.
        await driver.accept(`msg_new_${page}`);
      }
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `msg_${i}`));
    });

    it('filters by session and status', async () => {
      const one = new OutboxDriver(under, { sessionId: 'one' });
      const two = new OutboxDriver(under, { sessionId: 'two' });
      await one.accept('msg_1');
      await two.accept('msg_2');
      await one.accept('msg_3', { to: bob });
      await one.send('msg_3');
      const list = async (query: { sessionId?: string; status?: 'sent' | 'queued' | 'read' }) =>
        (await under.store.outbox.list('ws', { limit: 10, ...query })).map((m) => m.message_id);
      expect(await list({})).toEqual(['msg_3', 'msg_2', 'msg_1']);
      expect(await list({ sessionId: 'one' })).toEqual(['msg_3', 'msg_1']);
      expect(await list({ status: 'queued' })).toEqual(['msg_2', 'msg_1']);
      expect(await list({ sessionId: 'one', status: 'sent' })).toEqual(['msg_3']);
      expect(await list({ status: 'read' })).toEqual([]);
      expect(await under.store.outbox.list('nobody', { limit: 10 })).toEqual([]);
    });
  });

  describe('prune', () => {
    it('forgets what is settled and old, oldest first, and nothing else', async () => {
      const { outbox } = under.store;
      const driver = new OutboxDriver(under);
      for (const id of ['msg_1', 'msg_2', 'msg_queued', 'msg_sending', 'msg_unknown']) {
        await driver.accept(id);
      }
      await driver.send('msg_1', 'wa-1');
      await driver.send('msg_2', 'wa-2');
      await driver.begin('msg_sending');
      await driver.begin('msg_unknown');
      await driver.finish('msg_unknown', { outcome: 'unknown', error: someError });
      await under.clock.advance(86_400_000);
      await driver.accept('msg_young');
      await driver.send('msg_young');
      const now = under.clock.now();
      const request = { workspaceId: 'ws', before: now, now };
      const early = { ...request, before: now - 86_400_000, limit: 10 };
      expect(await outbox.prune(early)).toBe(0);
      expect(await outbox.prune({ ...request, workspaceId: 'other', limit: 10 })).toBe(0);
      expect(await outbox.prune({ ...request, limit: 1 })).toBe(1);
      expect(await driver.get('msg_1')).toBeUndefined();
      expect(await driver.get('msg_2')).toBeDefined();
      expect(await outbox.prune({ ...request, limit: 10 })).toBe(1);
      expect(await outbox.prune({ ...request, limit: 10 })).toBe(0);
      const left = await outbox.list('ws', { limit: 10 });
      expect(left.map(({ message_id }) => message_id)).toEqual([
        'msg_young',
        'msg_unknown',
        'msg_sending',
        'msg_queued',
      ]);
      expect(await driver.receipt('wa-1', 'read')).toBeUndefined();
    });

    it('keeps a message as long as its key is remembered, for replays', async () => {
      const { outbox } = under.store;
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { idempotency_key: 'same' });
      await driver.send('msg_a');
      await under.clock.advance(86_399_999);
      const request = () => ({
        workspaceId: 'ws',
        before: under.clock.now(),
        now: under.clock.now(),
        limit: 10,
      });
      expect(await outbox.prune(request())).toBe(0);
      const again = await driver.accept('msg_b', { idempotency_key: 'same' });
      expect(again).toMatchObject({ kind: 'replayed', message: { message_id: 'msg_a' } });
      await under.clock.advance(1);
      expect(await outbox.prune(request())).toBe(1);
    });
  });
}
