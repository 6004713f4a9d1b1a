import { describe, expect, it } from 'vitest';
import { aMessage, OutboxDriver } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** Accepting: once per key, whole or not at all. */
export function outboxAcceptContract(under: StoreUnderTest): void {
  describe('accept', () => {
    it('makes a queued message of what it is given', async () => {
      const driver = new OutboxDriver(under);
      const given = aMessage(under, 'msg_a', { reply_to: 'wa-1', expires_at: 9_999_999_999_999 });
      const accepted = await under.store.outbox.accept(given, 'digest', 1_000);
      const record = {
        ...given,
        position: expect.any(Number),
        status: 'queued',
        attempts: [],
        updated_at: given.created_at,
      };
      expect(accepted).toEqual({ kind: 'accepted', message: record });
      expect(await driver.get('msg_a')).toEqual(record);
      expect(await driver.claim()).toEqual(['msg_a']);
    });

    it('gives rising positions', async () => {
      const driver = new OutboxDriver(under);
      const positions: number[] = [];
      for (const id of ['msg_a', 'msg_b', 'msg_c']) {
        const result = await driver.accept(id);
        positions.push(result.kind === 'accepted' ? result.message.position : Number.NaN);
      }
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(new Set(positions).size).toBe(3);
    });

    it('replays a key with the same body: the first message, as it stands now', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { idempotency_key: 'same' });
      await driver.send('msg_a');
      const replayed = await driver.accept('msg_b', { idempotency_key: 'same' });
      expect(replayed).toMatchObject({
        kind: 'replayed',
        message: { message_id: 'msg_a', status: 'sent' },
      });
      expect(await driver.get('msg_b')).toBeUndefined();
    });

    it('refuses a key with another body', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { idempotency_key: 'same' });
      const refused = await driver.accept('msg_b', { idempotency_key: 'same' }, 'another digest');
      expect(refused).toEqual({ kind: 'mismatch' });
      expect(await driver.get('msg_b')).toBeUndefined();
      expect(await driver.claim()).toEqual(['msg_a']);
    });

    it('forgets a key when its time is over, and not before', async () => {
      const { outbox } = under.store;
      const same = { idempotency_key: 'same' };
      await outbox.accept(aMessage(under, 'msg_a', same), 'digest', 60_000);
      await under.clock.advance(59_999);
      const early = await outbox.accept(aMessage(under, 'msg_b', same), 'digest', 60_000);
      expect(early.kind).toBe('replayed');
      await under.clock.advance(1);
      const late = await outbox.accept(aMessage(under, 'msg_c', same), 'digest', 60_000);
      expect(late).toMatchObject({ kind: 'accepted', message: { message_id: 'msg_c' } });
      const again = await outbox.accept(aMessage(under, 'msg_d', same), 'digest', 60_000);
      expect(again).toMatchObject({ kind: 'replayed', message: { message_id: 'msg_c' } });
    });

    it('accepts one of several calls with one key, and replays the others', async () => {
      const driver = new OutboxDriver(under);
      const ids = Array.from({ length: 8 }, (_, index) => `msg_${index}`);
      const results = await Promise.all(
        ids.map((id) => driver.accept(id, { idempotency_key: 'same' })),
      );
      const kinds = results.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'replayed')).toHaveLength(7);
      const seen = results.map((result) => 'message' in result && result.message.message_id);
      expect(new Set(seen).size).toBe(1);
      expect(await driver.claim()).toHaveLength(1);
    });

    it('is out of reach of what happens to the objects it was given', async () => {
      const driver = new OutboxDriver(under);
      const text = { body: 'as it was' };
      await driver.accept('msg_a', { content: { type: 'text', text } });
      text.body = 'changed afterwards';
      expect(await driver.get('msg_a')).toMatchObject({ content: { text: { body: 'as it was' } } });
    });

    it('keeps texts of every kind as they are', async () => {
      const driver = new OutboxDriver(under);
      const body =
        'ä 漢字 🎉👩‍👩‍👧 "quotes" \\ \u0000 line\nbreak \u2028 \'; DROP TABLE messages; --';
      await driver.accept('msg_a', { content: { type: 'text', text: { body } } });
      expect(await driver.get('msg_a')).toMatchObject({ content: { text: { body } } });
    });
  });

  describe('tenants', () => {
    it('may use the same ids and keys without meeting', async () => {
      const one = new OutboxDriver(under, { workspaceId: 'ws_1' });
      const two = new OutboxDriver(under, { workspaceId: 'ws_2' });
      const same = { idempotency_key: 'same' };
      expect((await one.accept('msg_a', same)).kind).toBe('accepted');
      expect((await two.accept('msg_a', same, 'another digest')).kind).toBe('accepted');
      await one.send('msg_a', 'wa-1');
      expect(await one.get('msg_a')).toMatchObject({ status: 'sent', workspace_id: 'ws_1' });
      expect(await two.get('msg_a')).toMatchObject({ status: 'queued', workspace_id: 'ws_2' });
      expect(await one.claim()).toEqual([]);
      expect(await two.claim()).toEqual(['msg_a']);
      expect(await two.receipt('wa-1', 'read')).toBeUndefined();
      expect(await one.get('msg_a')).toMatchObject({ status: 'sent' });
      expect(await two.told()).toEqual([]);
      const list = await under.store.outbox.list('ws_2', { limit: 10 });
      expect(list.map(({ workspace_id }) => workspace_id)).toEqual(['ws_2']);
    });

    it('do not reach the messages of another tenant or session', async () => {
      const owner = new OutboxDriver(under, { workspaceId: 'ws_1' });
      await owner.accept('msg_a');
      await owner.accept('msg_b');
      await owner.begin('msg_b');
      const foreigners = [
        new OutboxDriver(under, { workspaceId: 'ws_2' }),
        new OutboxDriver(under, { workspaceId: 'ws_1', sessionId: 'other' }),
      ];
      for (const foreign of foreigners) {
        expect(await foreign.claim()).toEqual([]);
        expect(await foreign.begin('msg_a')).toBeUndefined();
        expect(await foreign.expire('msg_a')).toBeUndefined();
        expect(await foreign.recover()).toEqual([]);
        const finish = foreign.finish('msg_b', { outcome: 'sent', provider_message_id: 'wa-b' });
        await expect(finish).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(await owner.get('msg_a')).toMatchObject({ status: 'queued' });
      expect(await owner.get('msg_b')).toMatchObject({ status: 'sending' });
      expect(await under.store.outbox.get('ws_2', 'msg_a')).toBeUndefined();
    });
  });
}
