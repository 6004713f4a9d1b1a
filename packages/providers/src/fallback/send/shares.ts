import type { SendLimits } from '@blazz/core';
import type { Gate } from '../member/gate';
import type { Member } from '../member/member';
import type { StartWait } from './start-wait';

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
  readonly #startWait: StartWait;
  readonly #taken = new Map<string, Gate>();

  /**
   * @param members the members, in order
   * @param startWait who is waited for after the session's start
   */
  constructor(members: readonly Member[], startWait: StartWait) {
    this.#members = members;
    this.#startWait = startWait;
  }

  /** {@inheritDoc SendLimits.waitMs} */
  waitMs(): number {
    const next = this.#next();
    // Each message is told why it waits there; what another one has to carry goes past.
    if (next?.bar !== undefined) return 0;
    if (next !== undefined) return this.#startWait.msFor(next) || next.gate.waitMs();
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

  /** The member that carries the next send; none while it would wait at one that does not. */
  #carrier(): Member | undefined {
    const next = this.#next();
    return next?.state === 'ready' ? next : undefined;
  }

  /** The first member that the next send would not go on from. */
  #next(): Member | undefined {
    return this.#members.find((member) => {
      const { state, bar, breaker, isProbing } = member;
      if (bar !== undefined || this.#startWait.msFor(member) > 0) return true;
      const isLeftAlone = breaker.state === 'open' || (breaker.state === 'half_open' && isProbing);
      return state === 'ready' && !isLeftAlone;
    });
  }
}
