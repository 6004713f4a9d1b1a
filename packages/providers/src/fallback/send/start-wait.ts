import type { Clock } from '@blazz/core';
import type { Member } from '../member/member';

/** How soon whoever waits asks again, in milliseconds: the member may come to nothing meanwhile. */
const ASK_AGAIN_MS = 1_000;

/**
 * The time after the session's own start in which messages wait for a member that still comes up.
 * Without it a browser, which takes its time, would lose every queued message to whoever is quicker.
 */
export class StartWait {
  readonly #clock: Clock;
  readonly #ms: number;
  #until = Number.NEGATIVE_INFINITY;

  /**
   * @param clock measures it
   * @param ms how long it lasts, in milliseconds; 0: nobody waits
   */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** The session starts. */
  begin(): void {
    this.#until = this.#clock.monotonic() + this.#ms;
  }

  /** How long to wait for a member before asking again, in milliseconds; 0: it is not waited for. */
  msFor(member: Member): number {
    if (!member.isComingUp) return 0;
    return Math.max(0, Math.min(ASK_AGAIN_MS, this.#until - this.#clock.monotonic()));
  }
}
