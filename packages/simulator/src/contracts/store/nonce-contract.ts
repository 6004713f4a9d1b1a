import { describe, expect, it } from 'vitest';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What every `NonceStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function nonceContract(name: string, harness: StoreHarness): void {
  describe(`${name}: nonces`, () => {
    const under = eachWithStore(harness);
    const use = async (keyId: string, nonce: string, ttlMs: number = 660_000): Promise<boolean> => {
      const { fresh, kept } = await under.store.nonces.use(keyId, nonce, under.clock.now(), ttlMs);
      await kept;
      return fresh;
    };

    it('takes each nonce of a key once', async () => {
      expect(await use('key', 'n1')).toBe(true);
      expect(await use('key', 'n1')).toBe(false);
      expect(await use('key', 'n2')).toBe(true);
      expect(await use('another', 'n1')).toBe(true);
    });

    it('does not mistake one pair for another', async () => {
      expect(await use('a', 'b-c')).toBe(true);
      expect(await use('a-b', 'c')).toBe(true);
      expect(await use('a_b', 'c')).toBe(true);
    });

    it('lets one of many calls at once through', async () => {
      const results = await Promise.all(Array.from({ length: 16 }, () => use('key', 'same')));
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    it('knows a nonce from the moment that it is used, not only once it is kept', async () => {
      const now = under.clock.now();
      const first = await under.store.nonces.use('key', 'n1', now, 1_000);
      const second = await under.store.nonces.use('key', 'n1', now, 1_000);
      expect([first.fresh, second.fresh]).toEqual([true, false]);
      await Promise.all([first.kept, second.kept]);
      expect(await use('key', 'n1')).toBe(false);
    });

    it('remembers as long as it was told, and no longer', async () => {
      await use('key', 'short', 1_000);
      await use('key', 'long', 5_000);
      await under.clock.advance(999);
      expect(await use('key', 'short', 1_000)).toBe(false);
      await under.clock.advance(1);
      expect(await use('key', 'short', 1_000)).toBe(true);
      expect(await use('key', 'long', 5_000)).toBe(false);
    });
  });
}
