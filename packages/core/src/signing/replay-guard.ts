import type { NonceStore, NonceUse } from '../store/nonce-store';
import { signatureLimits } from './profile';

/** Lets each nonce of a key through once, as long as a signature with it could still be accepted. */
export class ReplayGuard {
  readonly #store: NonceStore;

  /** @param store where nonces are remembered; shared by every instance that the keys are good for */
  constructor(store: NonceStore) {
    this.#store = store;
  }

  /**
   * Uses up a nonce. Call it only when the signature holds: a forger must not be able to burn nonces
   * or fill the store.
   * @param now milliseconds since 1970
   * @returns whether it is used for the first time, and when that is remembered for good
   * @throws what the store throws; the request must then be refused
   */
  admit(keyId: string, nonce: string, now: number): Promise<NonceUse> {
    return this.#store.use(keyId, nonce, now, signatureLimits.nonceTtlMs);
  }
}
