import type { NonceStore, NonceUse } from '../nonce-store';
import { ExpiringMap } from './expiring-map';

const kept = Promise.resolve();

/** Nonces in memory: as many as were used within their time to live. */
export class MemoryNonces implements NonceStore {
  readonly #used = new ExpiringMap<true>();

  /** {@inheritDoc NonceStore.use} */
  async use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<NonceUse> {
    // Ids have no blank, so that no two pairs make the same key.
    const key = `${keyId} ${nonce}`;
    if (this.#used.get(key, now) !== undefined) return { fresh: false, kept };
    this.#used.set(key, true, now + ttlMs, now);
    return { fresh: true, kept };
  }
}
