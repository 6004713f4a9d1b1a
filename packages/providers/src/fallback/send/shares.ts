import type { SendLimits } from '@blazz/core';
import type { Gate } from '../member/gate';
import type { Member } from '../member/member';

/** Shares that nobody came to spend are forgotten, the oldest first, beyond so many. */
const MAX_SHARES = 1_000;

/** How long the lane waits for a probe that is under way, before it asks again, in milliseconds. */
const PROBE_MS = 1_000;

/**
 * The limits of the member that would carry the next send, as the lane sees them. What the lane
 * took is remembered per recipient, of whom one send at most is under way: a send that goes to
 * another member takes its share there.
 */
export class Shares implements SendLimits {
  readonly #members: readonly Member[];
  readonly #taken = new Map<string, Gate>();

  /** @param members the members, in order */
  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** {@inheritDoc SendLimits.waitMs} */
  waitMs(): number {
    const carrier = this.#carrier();
    if (carrier !== undefined) return carrier.gate.waitMs();
    const waits = this.#members
      .filter(({ state }) => state === 'ready')
      .map(({ breaker, isProbing }) => Math.max(breaker.waitMs, isProbing ? PROBE_MS : 0));
    return waits.length === 0 ? 0 : Math.min(...waits);
  }

  /** {@inheritDoc SendLimits.recipientWaitMs} */
  recipientWaitMs(recipientKey: string): number {
    return this.#carrier()?.gate.recipientWaitMs(recipientKey) ?? 0;
  }

  /** {@inheritDoc SendLimits.took} */
  took(recipientKey: string): void {
    const gate = this.#carrier()?.gate;
    if (gate === undefined) return;
    gate.took(recipientKey);
    this.#taken.delete(recipientKey);
    this.#taken.set(recipientKey, gate);
    if (this.#taken.size <= MAX_SHARES) return;
    for (const oldest of this.#taken.keys()) {
      this.#taken.delete(oldest);
      break;
    }
  }

  /** Whether the lane took a share at this gate for the send that begins; it is spent with that. */
  spend(recipientKey: string, gate: Gate): boolean {
    const taken = this.#taken.get(recipientKey);
    this.#taken.delete(recipientKey);
    return taken === gate;
  }

  #carrier(): Member | undefined {
    return this.#members.find(
      ({ state, breaker, isProbing }) =>
        state === 'ready' &&
        breaker.state !== 'open' &&
        !(breaker.state === 'half_open' && isProbing),
    );
  }
}
