import { describe, expect, it } from 'vitest';
import { ann, bob, OutboxDriver } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** What may be sent now, in which order, and when to look again. */
export function outboxClaimContract(under: StoreUnderTest): void {
  describe('claim', () => {
    it('offers each recipient its oldest message, the oldest first', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a1');
      await driver.accept('msg_b1', { to: bob });
      await driver.accept('msg_a2');
      await driver.accept('msg_b2', { to: bob });
      expect(await driver.claim()).toEqual(['msg_a1', 'msg_b1']);
      expect(await driver.claim()).toEqual(['msg_a1', 'msg_b1']);
      await driver.send('msg_a1');
      expect(await driver.claim()).toEqual(['msg_b1', 'msg_a2']);
      await driver.send('msg_b1');
      expect(await driver.claim()).toEqual(['msg_a2', 'msg_b2']);
    });

    it('goes no further than its limit', async () => {
      const driver = new OutboxDriver(under);
      for (let i = 1; i <= 5; i++) await driver.accept(`msg_${i}`, { to: `491555000300${i}` });
      expect(await driver.claim(2)).toEqual(['msg_1', 'msg_2']);
      expect(await driver.claim(0)).toEqual([]);
    });

    it('leaves recipients alone that are busy', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a1');
      await driver.accept('msg_a2');
      await driver.accept('msg_b1', { to: bob });
      expect(await driver.claim(100, [ann])).toEqual(['msg_b1']);
      expect(await driver.claim(1, [ann])).toEqual(['msg_b1']);
      expect(await driver.claim(100, [ann, bob])).toEqual([]);
      expect(await driver.claim()).toEqual(['msg_a1', 'msg_b1']);
    });

    it('knows a recipient by every spelling', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_1', { to: `+${ann}` });
      await driver.accept('msg_2', { to: `${ann}@c.us` });
      expect(await driver.claim()).toEqual(['msg_1']);
    });

    it('puts interactive messages before bulk ones', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_bulk_a', { lane: 'bulk' });
      await driver.accept('msg_bulk_b', { lane: 'bulk', to: bob });
      await driver.accept('msg_b', { to: bob });
      expect(await driver.claim()).toEqual(['msg_b', 'msg_bulk_a']);
      expect(await driver.claim(1)).toEqual(['msg_b']);
      await driver.send('msg_b');
      expect(await driver.claim()).toEqual(['msg_bulk_a', 'msg_bulk_b']);
    });

    it('never offers two messages to one recipient, whatever their lanes', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_bulk', { lane: 'bulk' });
      await driver.accept('msg_soon');
      expect(await driver.claim()).toEqual(['msg_soon']);
      expect(await driver.claim(100, [ann])).toEqual([]);
    });

    it('lets a message that backs off hold up those behind it, in its lane', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a1');
      await driver.accept('msg_a2');
      await driver.accept('msg_b1', { to: bob });
      await driver.accept('msg_bulk', { lane: 'bulk' });
      await driver.backOff('msg_a1', 5_000);
      expect(await driver.claim()).toEqual(['msg_b1', 'msg_bulk']);
      expect(await driver.nextIn()).toBe(5_000);
      await under.clock.advance(4_999);
      expect(await driver.claim()).toEqual(['msg_b1', 'msg_bulk']);
      await under.clock.advance(1);
      expect(await driver.claim()).toEqual(['msg_a1', 'msg_b1']);
      expect(await driver.nextIn()).toBeUndefined();
      await driver.send('msg_a1');
      expect(await driver.claim()).toEqual(['msg_a2', 'msg_b1']);
    });

    it('lets a scheduled message hold up nobody, and gives it its age when it is due', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_later', { send_at: under.clock.now() + 60_000 });
      await driver.accept('msg_now');
      await driver.accept('msg_b', { to: bob });
      expect(await driver.claim()).toEqual(['msg_now', 'msg_b']);
      expect(await driver.nextIn()).toBe(60_000);
      await under.clock.advance(60_000);
      expect(await driver.claim()).toEqual(['msg_later', 'msg_b']);
      await driver.send('msg_later');
      expect(await driver.claim()).toEqual(['msg_now', 'msg_b']);
    });

    it('says when the next one comes due, of those to come', async () => {
      const driver = new OutboxDriver(under);
      expect(await driver.nextIn()).toBeUndefined();
      const now = under.clock.now();
      await driver.accept('msg_1', { send_at: now + 30_000 });
      await driver.accept('msg_2', { send_at: now + 10_000, to: bob });
      await driver.accept('msg_3', { to: '4915550003333' });
      await driver.backOff('msg_3', 20_000);
      expect(await driver.nextIn()).toBe(10_000);
      await under.clock.advance(10_000);
      expect(await driver.nextIn()).toBe(10_000);
      await under.clock.advance(10_000);
      expect(await driver.nextIn()).toBe(10_000);
      await driver.expire('msg_1');
      expect(await driver.nextIn()).toBeUndefined();
    });

    it('offers a message that is over, even while it backs off or is scheduled', async () => {
      const driver = new OutboxDriver(under);
      const now = under.clock.now();
      await driver.accept('msg_a', { expires_at: now + 1_000 });
      await driver.backOff('msg_a', 60_000);
      const late = { to: bob, send_at: now + 60_000, expires_at: now + 2_000 };
      await driver.accept('msg_b', late);
      expect(await driver.claim()).toEqual([]);
      expect(await driver.nextIn()).toBe(1_000);
      await under.clock.advance(1_000);
      expect(await driver.claim()).toEqual(['msg_a']);
      expect(await driver.nextIn()).toBe(1_000);
      await under.clock.advance(1_000);
      expect(await driver.claim()).toEqual(['msg_a', 'msg_b']);
    });

    it('offers nothing that is in flight, settled, or of another session', async () => {
      const driver = new OutboxDriver(under);
      const other = new OutboxDriver(under, { sessionId: 'other' });
      for (const id of ['msg_sending', 'msg_sent', 'msg_failed', 'msg_unknown', 'msg_expired']) {
        await driver.accept(id, { to: bob });
      }
      await other.accept('msg_other');
      await driver.begin('msg_sending');
      await driver.send('msg_sent');
      const error = { code: 'rejected', message: 'No.', retryable: false } as const;
      await driver.begin('msg_failed');
      await driver.finish('msg_failed', { outcome: 'rejected', error });
      await driver.begin('msg_unknown');
      await driver.finish('msg_unknown', { outcome: 'unknown', error });
      await driver.expire('msg_expired');
      expect(await driver.claim()).toEqual([]);
      expect(await other.claim()).toEqual(['msg_other']);
    });

    it('puts a message that is due again in its old place', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.accept('msg_b', { to: bob });
      await driver.begin('msg_a');
      expect(await driver.claim()).toEqual(['msg_b']);
      const error = { code: 'not_ready', message: 'Wait.', retryable: true } as const;
      const retry_at = under.clock.now();
      await driver.finish('msg_a', { outcome: 'not_sent', error, retry_at });
      expect(await driver.claim()).toEqual(['msg_a', 'msg_b']);
    });
  });
}
