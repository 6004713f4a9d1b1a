/** What may pass between the end of a hold and the send, in milliseconds: a busy machine wakes late. */
const graceMs = 1_000;

/** One hold of whatever send is next: a limit was asked, and told to wait. */
export class Hold<Reason> {
  #open: { readonly from: number; until: number; reason: Reason } | undefined;

  /**
   * Somebody asked whether a send may go now.
   * @param waitMs what was answered, in milliseconds
   * @param reason why, when it has to wait; the longest wait names it
   */
  asked(now: number, waitMs: number, reason: () => Reason): void {
    // Nobody went on when it was over: there was nothing to send.
    if (this.#open !== undefined && now > this.#open.until + graceMs) this.#open = undefined;
    if (waitMs <= 0) return;
    const until = now + waitMs;
    if (this.#open === undefined) this.#open = { from: now, until, reason: reason() };
    else if (until > this.#open.until) Object.assign(this.#open, { until, reason: reason() });
  }

  /** A send goes now. @returns why and how long it was held, if it was */
  took(now: number): { readonly reason: Reason; readonly heldMs: number } | undefined {
    const held = this.#open;
    this.#open = undefined;
    if (held === undefined || now > held.until + graceMs) return undefined;
    return { reason: held.reason, heldMs: Math.min(now, held.until) - held.from };
  }
}
