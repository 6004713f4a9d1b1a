import type { Receipt } from '@blazz/core';
import { heldReceiptLimits } from '@blazz/core/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutboxDriver, someError } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** Receipts: they only climb, whenever they come. */
export function outboxReceiptContract(under: StoreUnderTest): void {
  describe('receipts', () => {
    it('climb, and are told when they do', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.send('msg_a', 'wa-1');
      for (const status of ['delivered', 'sent', 'delivered', 'read', 'delivered'] as const) {
        await driver.receipt('wa-1', status);
      }
      expect(await driver.get('msg_a')).toMatchObject({ status: 'read' });
      expect(await driver.told()).toEqual(['msg_a sent', 'msg_a delivered', 'msg_a read']);
    });

    it('carry the reason of a failure, which a delivery disproves', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.send('msg_a', 'wa-1');
      const failed = await driver.receipt('wa-1', 'failed', someError);
      expect(failed).toMatchObject({ status: 'failed', error: someError });
      const delivered = await driver.receipt('wa-1', 'delivered');
      expect(delivered?.status).toBe('delivered');
      expect(delivered).not.toHaveProperty('error');
    });

    it('tell what WhatsApp charges, which stays with the message and its events', async () => {
      const driver = new OutboxDriver(under);
      const { outbox, events } = under.store;
      const pricing = { billable: true, model: 'PMP', category: 'marketing', type: 'regular' };
      const now = under.clock.now();
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await outbox.applyReceipt(driver.fence, 'wa-1', { status: 'sent', pricing }, now);
      await driver.receipt('wa-1', 'delivered');
      await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-1' });
      expect(await driver.get('msg_a')).toMatchObject({ status: 'delivered', pricing });
      await driver.receipt('wa-1', 'read');
      const { events: log } = await events.read('ws', { after: 0, limit: 10 });
      expect(log.map(({ data }) => data)).toMatchObject([
        { status: 'delivered', pricing },
        { status: 'read', pricing },
      ]);
    });

    it('that come before the id is known wait for it', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      expect(await driver.receipt('wa-1', 'read')).toBeUndefined();
      expect(await driver.receipt('wa-1', 'delivered')).toBeUndefined();
      const sent = await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-1' });
      expect(sent).toMatchObject({ status: 'read', provider_message_id: 'wa-1' });
      expect(await driver.told()).toEqual(['msg_a read']);
    });

    it('that came early settle an attempt that nobody could tell about', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { on_ambiguous: 'retry' });
      await driver.begin('msg_a');
      await driver.receipt('wa-1', 'delivered');
      const settled = await driver.finish('msg_a', {
        outcome: 'unknown',
        error: someError,
        provider_message_id: 'wa-1',
        retry_at: under.clock.now(),
      });
      expect(settled.status).toBe('delivered');
      expect(await driver.claim()).toEqual([]);
      expect(await driver.told()).toEqual(['msg_a delivered']);
    });

    it('that came early are forgotten in the end', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await driver.receipt('wa-1', 'delivered');
      await under.clock.advance(heldReceiptLimits.ttlMs);
      const sent = await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-1' });
      expect(sent.status).toBe('sent');
    });

    it('that came early are bounded in number, the newest kept', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.accept('msg_b', { to: '4915550003333' });
      await driver.begin('msg_a');
      await driver.begin('msg_b');
      await driver.receipt('wa-old', 'delivered');
      for (let i = 0; i < heldReceiptLimits.perSession - 1; i++) {
        await driver.receipt(`wa-phone-${i}`, 'sent');
      }
      await driver.receipt('wa-new', 'delivered');
      const old = await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-old' });
      const young = await driver.finish('msg_b', {
        outcome: 'sent',
        provider_message_id: 'wa-new',
      });
      expect([old.status, young.status]).toEqual(['sent', 'delivered']);
    });

    it('settle a held message, late as they are', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      const lost = { outcome: 'unknown', error: someError, provider_message_id: 'wa-1' } as const;
      await driver.finish('msg_a', lost);
      await under.clock.advance(3_600_000);
      const settled = await driver.receipt('wa-1', 'sent');
      expect(settled?.status).toBe('sent');
      expect(settled).not.toHaveProperty('error');
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a sent']);
      expect((await under.store.outbox.depth('ws', 'main')).unknown).toBe(0);
    });

    it('of an earlier try take a message out of the queue', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { on_ambiguous: 'retry' });
      await driver.begin('msg_a');
      const retry_at = under.clock.now() + 1_000;
      const lost = { outcome: 'unknown', error: someError, provider_message_id: 'wa-1' } as const;
      await driver.finish('msg_a', { ...lost, retry_at });
      const settled = await driver.receipt('wa-1', 'delivered');
      expect(settled?.status).toBe('delivered');
      await under.clock.advance(1_000);
      expect(await driver.claim()).toEqual([]);
      expect(await driver.nextIn()).toBeUndefined();
    });

    it('of an earlier try do not undo a later one', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { on_ambiguous: 'retry' });
      await driver.begin('msg_a');
      const retry_at = under.clock.now();
      const lost = { outcome: 'unknown', error: someError, provider_message_id: 'wa-1' } as const;
      await driver.finish('msg_a', { ...lost, retry_at });
      await driver.send('msg_a', 'wa-2');
      expect(await driver.receipt('wa-1', 'failed', someError)).toMatchObject({ status: 'sent' });
      expect(await driver.receipt('wa-1', 'delivered')).toMatchObject({ status: 'delivered' });
      expect(await driver.receipt('wa-2', 'read')).toMatchObject({ status: 'read' });
    });

    it('of the same id in two sessions stay apart', async () => {
      const one = new OutboxDriver(under, { sessionId: 'one' });
      const two = new OutboxDriver(under, { sessionId: 'two' });
      await one.accept('msg_1');
      await two.accept('msg_2');
      await one.send('msg_1', 'wa-same');
      await two.send('msg_2', 'wa-same');
      await one.receipt('wa-same', 'read');
      expect(await one.get('msg_1')).toMatchObject({ status: 'read' });
      expect(await two.get('msg_2')).toMatchObject({ status: 'sent' });
    });

    it('end in the same status in whatever order they and the outcome come', async () => {
      const statuses: Receipt['status'][] = ['sent', 'delivered', 'read', 'played', 'failed'];
      const story = fc.record({
        receipts: fc.uniqueArray(fc.constantFrom(...statuses), { maxLength: 5 }),
        outcome: fc.constantFrom('sent' as const, 'unknown' as const),
        seed: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(story, async ({ receipts, outcome, seed }) => {
          const finals = new Set<string>();
          // As they climb, as they were drawn, and backwards: one story each.
          const steps = ['outcome' as const, ...receipts];
          const drawn = steps
            .map((step, index) => ({ step, order: seed[index] ?? 0 }))
            .sort((a, b) => a.order - b.order)
            .map(({ step }) => step);
          for (const order of [steps, drawn, [...steps].reverse()]) {
            const driver = new OutboxDriver(under, { workspaceId: `story${++run}` });
            await driver.accept('msg_a');
            await driver.begin('msg_a');
            for (const step of order) {
              if (step !== 'outcome') await driver.receipt('wa-1', step, undefined);
              else if (outcome === 'sent') {
                await driver.finish('msg_a', { outcome, provider_message_id: 'wa-1' });
              } else {
                const lost = { outcome, error: someError, provider_message_id: 'wa-1' } as const;
                await driver.finish('msg_a', lost);
              }
            }
            finals.add((await driver.get('msg_a'))?.status ?? 'gone');
            const told = await driver.told();
            expect(new Set(told).size).toBe(told.length);
          }
          expect(finals.size).toBe(1);
        }),
        { numRuns: 30 },
      );
    });
  });
}
