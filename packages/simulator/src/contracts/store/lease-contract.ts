import { describe, expect, it } from 'vitest';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What every `LeaseStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function leaseContract(name: string, harness: StoreHarness): void {
  describe(`${name}: leases`, () => {
    const under = eachWithStore(harness);
    const acquire = (holder: string, facts: { resource?: string; graceMs?: number } = {}) =>
      under.store.leases.acquire({
        resource: 'session/ws/main',
        holder,
        now: under.clock.now(),
        ttlMs: 15_000,
        graceMs: 5_000,
        ...facts,
      });

    it('gives a free resource to who asks, from epoch 1 on', async () => {
      expect(await under.store.leases.get('session/ws/main')).toBeUndefined();
      const lease = {
        resource: 'session/ws/main',
        holder: 'one',
        epoch: 1,
        expires_at: under.clock.now() + 15_000,
      };
      expect(await acquire('one')).toEqual({ acquired: true, lease });
      expect(await under.store.leases.get('session/ws/main')).toEqual(lease);
    });

    it('refuses others until it has ended and the grace is over, and names the holder', async () => {
      const { lease } = await acquire('one');
      expect(await acquire('two')).toEqual({ acquired: false, lease });
      await under.clock.advance(19_999);
      expect(await acquire('two')).toEqual({ acquired: false, lease });
      await under.clock.advance(1);
      expect(await acquire('two')).toMatchObject({
        acquired: true,
        lease: { holder: 'two', epoch: 2 },
      });
    });

    it('goes to its holder again at once, under a new epoch', async () => {
      await acquire('one');
      expect(await acquire('one')).toMatchObject({ acquired: true, lease: { epoch: 2 } });
    });

    it('goes to one of several who ask at once', async () => {
      const holders = ['a', 'b', 'c', 'd', 'e'];
      const results = await Promise.all(holders.map((holder) => acquire(holder)));
      expect(results.filter(({ acquired }) => acquired)).toHaveLength(1);
      expect(new Set(results.map(({ lease }) => lease.holder)).size).toBe(1);
    });

    it('is prolonged by its holder', async () => {
      const { leases } = under.store;
      const { lease } = await acquire('one');
      await under.clock.advance(10_000);
      expect(await leases.renew(lease, under.clock.now(), 15_000)).toBe(true);
      await under.clock.advance(15_000);
      expect(await acquire('two')).toMatchObject({ acquired: false, lease: { holder: 'one' } });
      const present = await leases.get('session/ws/main');
      expect(present).toMatchObject({ epoch: 1, expires_at: under.clock.now() });
      expect(await leases.renew(lease, under.clock.now(), 15_000)).toBe(true);
    });

    it('cannot be prolonged once somebody else has it', async () => {
      const { leases } = under.store;
      const { lease } = await acquire('one');
      await under.clock.advance(20_000);
      const second = await acquire('two');
      expect(await leases.renew(lease, under.clock.now(), 15_000)).toBe(false);
      expect(await leases.get('session/ws/main')).toEqual(second.lease);
      expect(await leases.renew(second.lease, under.clock.now(), 15_000)).toBe(true);
    });

    it('is free at once when it is given back, and keeps counting epochs', async () => {
      const { leases } = under.store;
      const { lease } = await acquire('one');
      await leases.release(lease);
      expect(await leases.get('session/ws/main')).toMatchObject({ epoch: 1, expires_at: 0 });
      expect(await leases.renew(lease, under.clock.now(), 15_000)).toBe(false);
      expect(await acquire('two')).toMatchObject({ acquired: true, lease: { epoch: 2 } });
      await leases.release(lease);
      expect(await acquire('three')).toMatchObject({ acquired: false, lease: { holder: 'two' } });
    });

    it('keeps resources apart', async () => {
      await acquire('one');
      expect(await acquire('two', { resource: 'session/ws/other' })).toMatchObject({
        acquired: true,
        lease: { epoch: 1 },
      });
      expect(await acquire('two', { resource: 'session/ws_2/main' })).toMatchObject({
        acquired: true,
        lease: { epoch: 1 },
      });
    });

    it('never takes an epoch back, whoever comes and goes', async () => {
      const { leases } = under.store;
      let last = 0;
      for (let i = 0; i < 12; i++) {
        const { acquired, lease } = await acquire(`holder_${i % 3}`);
        if (acquired) {
          expect(lease.epoch).toBe(last + 1);
          last = lease.epoch;
        }
        if (i % 4 === 0) await leases.release(lease);
        else await under.clock.advance(8_000);
      }
      expect(last).toBeGreaterThan(3);
    });
  });
}
