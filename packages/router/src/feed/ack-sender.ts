import type { CancelTimer, Clock } from '@blazz/core';

/**
 * Sends acknowledgements, each of which includes those before it: the first at once, later ones
 * gathered over an interval, since an instance bounds the frames that a client may send.
 */
export class AckSender {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #send: (seq: number) => void;
  #due: number | undefined;
  #last: number | undefined;
  #cancel: CancelTimer | undefined;

  /**
   * @param intervalMs the least time between two frames, in milliseconds
   * @param send sends a frame, or drops it when there is no connection: resuming tells it again
   */
  constructor(clock: Clock, intervalMs: number, send: (seq: number) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  /** What was acknowledged last; undefined before the first time. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Sends an acknowledgement now or soon. */
  queue(seq: number): void {
    this.#due = seq;
    this.#last = seq;
    if (this.#cancel === undefined) this.#sendDue();
  }

  /** Sends what is due now and stops gathering. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#due !== undefined) this.#send(this.#due);
    this.#due = undefined;
  }

  #sendDue(): void {
    this.flush();
    this.#cancel = this.#clock.schedule(this.#intervalMs, () => {
      this.#cancel = undefined;
      if (this.#due !== undefined) this.#sendDue();
    });
  }
}
