/** What became of a nonce. */
export interface NonceUse {
  /** Whether it was used for the first time. */
  readonly fresh: boolean;
  /**
   * Resolves when it is remembered for good: answer the request only then. Rejects with
   * `store_unavailable` when it could not be written down. Nobody has to listen.
   */
  readonly kept: Promise<void>;
}

/** Remembers nonces, so that a signed request cannot be replayed. */
export interface NonceStore {
  /**
   * Records a nonce. Atomic: of two calls with the same pair, one is fresh. What is written after this
   * call is not there for good before the nonce is, so that the work of a request need not wait for it.
   * @param keyId the key that signed
   * @param nonce the request's nonce
   * @param now milliseconds since 1970
   * @param ttlMs how long to remember it, in milliseconds
   * @returns not fresh when it was used before and is still remembered
   * @throws GatewayError `store_unavailable`
   */
  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<NonceUse>;
}
