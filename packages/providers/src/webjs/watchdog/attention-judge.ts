import type { ActionReason } from '@blazz/core';
import type { Attention } from '../page/attention';

/** How often an announcement is dismissed that is there again each time. */
const maxDismissals = 3;

/** What an attention judge is told. */
export interface AttentionLimits {
  /** How long something must be seen at every look before it counts, in milliseconds. */
  readonly attentionMs: number;
  /** Whether announcements are dismissed. */
  readonly dismiss: boolean;
}

/** Tells what passes by itself from what waits for a person. Knows no browser and no timer. */
export class AttentionJudge {
  readonly #limits: AttentionLimits;
  #since: number | undefined;
  #held: Extract<ActionReason, 'passkey' | 'modal'> | undefined;
  #heldSince = 0;
  #dismissals = 0;

  /** @param limits how patient it is */
  constructor(limits: AttentionLimits) {
    this.#limits = limits;
  }

  /** Whether something was seen that may pass yet. */
  get wavers(): boolean {
    return this.#since !== undefined && this.#held === undefined;
  }

  /** For how long a person has been waited for. */
  heldFor(now: number): number {
    return this.#held === undefined ? 0 : now - this.#heldSince;
  }

  /**
   * Judges one look.
   * @param seen what the page waits for
   * @param now milliseconds on a clock that never goes back
   * @returns what a person is needed for, or that an announcement is to be dismissed
   */
  judge(seen: Attention | null, now: number): 'passkey' | 'modal' | 'dismiss' | undefined {
    if (seen === null) {
      this.#since = undefined;
      this.#held = undefined;
      this.#dismissals = 0;
      return undefined;
    }
    this.#since ??= now;
    if (this.#held !== undefined) return this.#held;
    if (now - this.#since < this.#limits.attentionMs) return undefined;
    const { dismiss } = this.#limits;
    if (seen === 'announcement' && dismiss && this.#dismissals < maxDismissals) {
      this.#dismissals += 1;
      this.#since = now;
      return 'dismiss';
    }
    this.#heldSince = now;
    this.#held = seen === 'passkey' ? 'passkey' : 'modal';
    return this.#held;
  }
}
