import { GatewayError } from '@blazz/core';

/**
 * Which sends have not been answered yet, by workspace and idempotency key: a repeat that comes
 * meanwhile would otherwise wait for the same outcome a second time.
 */
export class SendFlight {
  readonly #flying = new Set<string>();

  /**
   * Runs a send under its key.
   * @param key the idempotency key; without one nothing can repeat the send
   * @throws GatewayError `idempotency_in_flight` while an earlier one is unanswered
   */
  async run<T>(workspaceId: string, key: string | undefined, send: () => Promise<T>): Promise<T> {
    if (key === undefined) return await send();
    // An id has no slash, so no two pairs look the same.
    const name = `${workspaceId}/${key}`;
    if (this.#flying.has(name)) {
      throw new GatewayError(
        'idempotency_in_flight',
        'A request with the same Idempotency-Key has not been answered yet. Wait, then repeat it.',
        { retryAfterMs: 1000 },
      );
    }
    this.#flying.add(name);
    try {
      return await send();
    } finally {
      this.#flying.delete(name);
    }
  }
}
