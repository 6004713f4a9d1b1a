import type { GatewayError } from '@blazz/core';

/** How many bars are kept at most; the oldest goes first. */
const MOST = 10_000;

/**
 * The bars of all members of a factory's sessions. They outlive a session's one start: whoever replaces
 * it, for a failure, another configuration or a lease that moved back, may not be able to ask WhatsApp
 * again, and must not take that for an end of the block.
 */
export class Bars {
  readonly #kept = new Map<string, GatewayError>();

  /** The bar of a member, by what its account is called. */
  get(account: string): GatewayError | undefined {
    return this.#kept.get(account);
  }

  /** Bars a member, unless it is barred already, or there is nothing to bar it for. */
  put(account: string, bar: GatewayError | undefined): void {
    if (bar === undefined || this.#kept.has(account)) return;
    this.#kept.set(account, bar);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** Bars a member no more. */
  lift(account: string): void {
    this.#kept.delete(account);
  }
}
