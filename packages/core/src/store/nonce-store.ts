/** Remembers nonces, so that a signed request cannot be replayed. */
export interface NonceStore {
  /**
   * Records a nonce. Atomic: of two calls with the same pair, one gets `true`.
   * @param keyId the key that signed
   * @param nonce the request's nonce
   * @param now milliseconds since 1970
   * @param ttlMs how long to remember it, in milliseconds
   * @returns false when it was used before and is still remembered
   */
  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<boolean>;
}
