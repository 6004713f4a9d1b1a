import type { AttemptResult, Receipt } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutboxDriver, someError } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

const lost = { outcome: 'unknown', error: someError } as const;

/** Receipts that say which attempt they are about: they find a message whose id nobody was told. */
export function outboxTrackerContract(under: StoreUnderTest): void {
  describe('a tracked receipt', () => {
    it('settles a held message whose id nobody was told, and gives it the id', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await driver.finish('msg_a', lost);
      const settled = await driver.tracked('msg_a', 1, 'wa-1', { status: 'sent' });
      expect(settled).toMatchObject({
        status: 'sent',
        provider_message_id: 'wa-1',
        attempts: [{ number: 1, outcome: 'sent', provider_message_id: 'wa-1' }],
      });
      expect(settled).not.toHaveProperty('error');
      expect(await driver.get('msg_a')).toEqual(settled);
      expect((await under.store.outbox.depth('ws', 'main')).unknown).toBe(0);
      expect(await driver.receipt('wa-1', 'read')).toMatchObject({ status: 'read' });
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a sent', 'msg_a read']);
    });

    it('settles an attempt in flight, which ends later and changes nothing', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      const settled = await driver.tracked('msg_a', 1, 'wa-1', { status: 'delivered' });
      expect((await under.store.outbox.depth('ws', 'main')).sending).toBe(0);
      await under.clock.advance(100);
      expect(await driver.finish('msg_a', lost)).toEqual(settled);
      const sent = { outcome: 'sent', provider_message_id: 'wa-1' } as const;
      expect(await driver.finish('msg_a', sent)).toEqual(settled);
      expect(await driver.told()).toEqual(['msg_a delivered']);
    });

    it('settles what a crash cut off, before and after its recovery', async () => {
      const before = new OutboxDriver(under, { epoch: 1 });
      await before.accept('msg_a');
      await before.accept('msg_b');
      await before.begin('msg_a');
      await before.begin('msg_b');
      const after = new OutboxDriver(under, { epoch: 2 });
      await after.tracked('msg_a', 1, 'wa-a', { status: 'sent' });
      expect(await after.recover()).toMatchObject([{ message_id: 'msg_b', status: 'unknown' }]);
      expect(await after.tracked('msg_b', 1, 'wa-b', { status: 'read' })).toMatchObject({
        status: 'read',
      });
      expect(await after.told()).toEqual(['msg_a sent', 'msg_b unknown', 'msg_b read']);
    });

    it('takes a message out of the queue that had left after all', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.backOff('msg_a', 1_000);
      expect(await driver.tracked('msg_a', 1, 'wa-1', { status: 'sent' })).toMatchObject({
        status: 'sent',
      });
      await under.clock.advance(1_000);
      expect(await driver.claim()).toEqual([]);
      expect(await driver.nextIn()).toBeUndefined();
      expect(await driver.begin('msg_a')).toBeUndefined();
    });

    it('fails the message with the reason', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await driver.finish('msg_a', lost);
      const failed = await driver.tracked('msg_a', 1, 'wa-1', {
        status: 'failed',
        error: someError,
      });
      expect(failed).toMatchObject({
        status: 'failed',
        error: someError,
        provider_message_id: 'wa-1',
      });
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a failed']);
    });

    it('of each of two effects finds the message, by both ids from then on', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { on_ambiguous: 'retry' });
      await driver.begin('msg_a');
      await driver.finish('msg_a', { ...lost, retry_at: under.clock.now() });
      await driver.send('msg_a', 'wa-2');
      const both = await driver.tracked('msg_a', 1, 'wa-1', { status: 'sent' });
      expect(both).toMatchObject({
        status: 'sent',
        provider_message_id: 'wa-2',
        attempts: [{ provider_message_id: 'wa-1' }, { provider_message_id: 'wa-2' }],
      });
      expect(await driver.receipt('wa-1', 'delivered')).toMatchObject({ status: 'delivered' });
      expect(await driver.receipt('wa-2', 'read')).toMatchObject({ status: 'read' });
      expect(await driver.told()).toEqual(['msg_a sent', 'msg_a delivered', 'msg_a read']);
    });

    it('takes along what was reported under the id before, without a tracker', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      expect(await driver.receipt('wa-1', 'delivered')).toBeUndefined();
      expect(await driver.tracked('msg_a', 1, 'wa-1', { status: 'sent' })).toMatchObject({
        status: 'delivered',
      });
      expect(await driver.told()).toEqual(['msg_a delivered']);
    });

    it('finds nothing in another session or workspace, nor under a made-up name', async () => {
      const owner = new OutboxDriver(under);
      await owner.accept('msg_a');
      await owner.begin('msg_a');
      const unknown = await owner.finish('msg_a', lost);
      const sent = { status: 'sent' } as const;
      for (const foreign of [
        new OutboxDriver(under, { sessionId: 'other' }),
        new OutboxDriver(under, { workspaceId: 'ws_2' }),
      ]) {
        expect(await foreign.tracked('msg_a', 1, 'wa-1', sent)).toBeUndefined();
      }
      for (const [name, attempt] of [
        ['msg_none', 1],
        ['msg_a', 2],
        ['__proto__', 1],
        ['', 1],
      ] as const) {
        expect(await owner.tracked(name, attempt, 'wa-x', sent)).toBeUndefined();
      }
      expect(await owner.get('msg_a')).toEqual(unknown);
      expect(await owner.told()).toEqual(['msg_a unknown']);
    });

    it('that finds nothing waits for its id like any other', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await driver.tracked('msg_none', 1, 'wa-1', { status: 'delivered' });
      const sent = { outcome: 'sent', provider_message_id: 'wa-1' } as const;
      expect(await driver.finish('msg_a', sent)).toMatchObject({ status: 'delivered' });
    });

    it('is refused from an owner whose lease is lost', async () => {
      const { leases } = under.store;
      const lease = { resource: 'session/ws/main', ttlMs: 1_000, graceMs: 0 };
      const before = new OutboxDriver(under, { epoch: 1 });
      await before.accept('msg_a');
      await before.begin('msg_a');
      await leases.acquire({ ...lease, holder: 'one', now: under.clock.now() });
      await under.clock.advance(1_000);
      await leases.acquire({ ...lease, holder: 'two', now: under.clock.now() });
      const late = before.tracked('msg_a', 1, 'wa-1', { status: 'sent' });
      await expect(late).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await before.get('msg_a')).toMatchObject({ status: 'sending' });
    });

    it('gives the same end in whatever order it, its repeats, the outcome and a crash come', async () => {
      const statuses: Receipt['status'][] = ['sent', 'delivered', 'read', 'played', 'failed'];
      const outcomes: AttemptResult[] = [
        { outcome: 'sent', provider_message_id: 'wa-1' },
        { outcome: 'not_sent', error: someError, retry_at: 0 },
        lost,
      ];
      const story = fc.record({
        receipts: fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 4 }),
        outcome: fc.constantFrom(...outcomes),
        seed: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(story, async ({ receipts, outcome, seed }) => {
          const finals = new Set<string>();
          const steps = ['outcome' as const, 'crash' as const, ...receipts];
          const drawn = steps
            .map((step, index) => ({ step, order: seed[index] ?? 0 }))
            .sort((a, b) => a.order - b.order)
            .map(({ step }) => step);
          for (const order of [steps, drawn, [...steps].reverse()]) {
            const workspaceId = `tracked${++run}`;
            const before = new OutboxDriver(under, { workspaceId, epoch: 1 });
            const after = new OutboxDriver(under, { workspaceId, epoch: 2 });
            await before.accept('msg_a');
            await before.begin('msg_a');
            for (const step of order) {
              if (step === 'outcome') await after.finish('msg_a', outcome);
              else if (step === 'crash') await after.recover();
              else await after.tracked('msg_a', 1, 'wa-1', { status: step });
            }
            finals.add((await after.get('msg_a'))?.status ?? 'gone');
            expect(await after.claim()).toEqual([]);
            const told = await after.told();
            expect(new Set(told).size).toBe(told.length);
          }
          expect(finals.size).toBe(1);
        }),
        { numRuns: 30 },
      );
    });
  });
}
