import { type Clock, delay, type Pace, type SendLimits } from '@blazz/core';
import { Turns } from './turns';

/**
 * Keeps one member's pace: how many sends at once, how far apart, and WhatsApp's own limits. The
 * lane knows only the pace of all members together, and a message that goes on from one member to
 * the next has to wait its turn there.
 */
export class Gate {
  readonly #pace: Pace;
  readonly #limits: () => SendLimits | undefined;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #turns: Turns;
  #nextAt = Number.NEGATIVE_INFINITY;

  /**
   * @param pace the member's pace
   * @param limits WhatsApp's limits, where the provider that lives knows them
   * @param clock measures the spaces
   * @param random varies them
   */
  constructor(
    pace: Pace,
    limits: () => SendLimits | undefined,
    clock: Clock,
    random: () => number,
  ) {
    this.#pace = pace;
    this.#limits = limits;
    this.#clock = clock;
    this.#random = random;
    this.#turns = new Turns(pace.concurrency);
  }

  /** How long until any message may leave, in milliseconds; 0 means now. */
  waitMs(): number {
    const spaceMs = this.#nextAt - this.#clock.monotonic();
    return Math.max(0, spaceMs, this.#limits()?.waitMs() ?? 0);
  }

  /** How long until a recipient may be sent to, in milliseconds; 0 means now. */
  recipientWaitMs(key: string): number {
    return this.#limits()?.recipientWaitMs(key) ?? 0;
  }

  /** A send begins: takes its share. */
  took(key: string): void {
    this.#limits()?.took(key);
    const { intervalMs, jitter } = this.#pace;
    if (intervalMs <= 0) return;
    const swing = 1 + jitter * (2 * this.#random() - 1);
    this.#nextAt = this.#clock.monotonic() + intervalMs * swing;
  }

  /**
   * Waits until a message may be handed to the member.
   * @param hasShare whether the lane took the message's share already
   * @returns called when the send is over
   * @throws the signal's reason when aborted first
   */
  async enter(key: string, hasShare: boolean, signal: AbortSignal): Promise<() => void> {
    const leave = await this.#turns.take(signal);
    try {
      while (!hasShare) {
        const waitMs = Math.max(this.waitMs(), this.recipientWaitMs(key));
        if (waitMs <= 0) break;
        await delay(this.#clock, waitMs, signal);
      }
      if (!hasShare) this.took(key);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
