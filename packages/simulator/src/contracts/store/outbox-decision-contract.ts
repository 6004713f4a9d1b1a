import { describe, expect, it } from 'vitest';
import { OutboxDriver, someError } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** What somebody decides on messages that nobody can tell about, and keys that are looked up. */
export function outboxDecisionContract(under: StoreUnderTest): void {
  const unknown = async (id: string, providerMessageId?: string): Promise<OutboxDriver> => {
    const driver = new OutboxDriver(under);
    await driver.accept(id);
    await driver.begin(id);
    const known = providerMessageId === undefined ? {} : { provider_message_id: providerMessageId };
    await driver.finish(id, { outcome: 'unknown', error: someError, ...known });
    return driver;
  };
  const decide = (
    messageId: string,
    decision:
      | { readonly decision: 'retry' | 'mark_failed' }
      | { readonly decision: 'mark_sent'; readonly provider_message_id?: string },
  ) => {
    const now = under.clock.now();
    const { outbox } = under.store;
    return outbox.decide({ workspaceId: 'ws', messageId, decision, by: 'key_1', now });
  };

  describe('decide', () => {
    it('puts a message back into the queue, in its old place, once', async () => {
      const driver = await unknown('msg_a');
      await driver.accept('msg_b');
      const first = await decide('msg_a', { decision: 'retry' });
      expect(first).toMatchObject({
        changed: true,
        record: {
          status: 'queued',
          decided: { decision: 'retry', by: 'key_1', at: under.clock.now() },
        },
      });
      expect((await decide('msg_a', { decision: 'retry' }))?.changed).toBe(false);
      expect(await driver.claim()).toEqual(['msg_a']);
      expect((await driver.begin('msg_a'))?.attempts).toHaveLength(2);
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a queued']);
      expect(await under.store.outbox.depth('ws', 'main')).toMatchObject({
        unknown: 0,
        sending: 1,
      });
    });

    it('takes it out of the queue again when the first try turns out to have arrived', async () => {
      const driver = await unknown('msg_a', 'wa-1');
      await decide('msg_a', { decision: 'retry' });
      expect(await driver.receipt('wa-1', 'delivered')).toMatchObject({ status: 'delivered' });
      expect(await driver.claim()).toEqual([]);
      expect(await driver.begin('msg_a')).toBeUndefined();
    });

    it('marks as sent, with or without an id, and goes on from there', async () => {
      const driver = await unknown('msg_a');
      const sent = await decide('msg_a', { decision: 'mark_sent', provider_message_id: 'wa-1' });
      expect(sent?.record).toMatchObject({ status: 'sent', provider_message_id: 'wa-1' });
      expect(await driver.receipt('wa-1', 'read')).toMatchObject({ status: 'read' });
      await unknown('msg_b');
      const plain = await decide('msg_b', { decision: 'mark_sent' });
      expect(plain?.record).toMatchObject({ status: 'sent' });
      expect(plain?.record.error).toBeUndefined();
    });

    it('marks as failed', async () => {
      const driver = await unknown('msg_a');
      const failed = await decide('msg_a', { decision: 'mark_failed' });
      expect(failed?.record).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
      expect(await driver.claim()).toEqual([]);
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a failed']);
    });

    it('leaves alone what is not unknown, and what is not there', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      const queued = await decide('msg_a', { decision: 'mark_failed' });
      expect(queued).toMatchObject({ changed: false, record: { status: 'queued' } });
      await driver.send('msg_a');
      expect((await decide('msg_a', { decision: 'retry' }))?.changed).toBe(false);
      expect(await decide('msg_none', { decision: 'retry' })).toBeUndefined();
      expect(await driver.told()).toEqual(['msg_a sent']);
    });
  });

  describe('replay', () => {
    it('says what a remembered key is answered with, and accepts nothing', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { idempotency_key: 'same' });
      const { outbox } = under.store;
      const look = (key: string, digest: string) =>
        outbox.replay('ws', key, digest, under.clock.now());
      expect(await look('same', 'digest')).toMatchObject({
        kind: 'replayed',
        message: { message_id: 'msg_a' },
      });
      expect(await look('same', 'other')).toEqual({ kind: 'mismatch' });
      expect(await look('never', 'digest')).toBeUndefined();
      await under.clock.advance(86_400_000);
      expect(await look('same', 'digest')).toBeUndefined();
    });
  });
}
