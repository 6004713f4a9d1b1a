import type { Clock } from '../clock';
import { isSettled } from '../messages/receipt';
import type { MessageRecord } from './message-record';

/** A wait for a message to settle. */
export interface SettledWait {
  /** The settled message, or `undefined` when time was up, or the wait was ended. */
  readonly record: Promise<MessageRecord | undefined>;
  /** Ends the wait. Idempotent. */
  readonly end: () => void;
}

/** Lets callers wait for a message of this instance to settle. */
export class MessageWatch {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<(record: MessageRecord) => void>>();

  /** @param clock measures how long to wait */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells whoever waits for the message how it stands now. */
  notify(record: MessageRecord): void {
    if (!isSettled(record.status)) return;
    for (const resolve of this.#waiting.get(record.message_id) ?? []) resolve(record);
  }

  /**
   * Waits until a message settles.
   * @param timeoutMs how long at most, in milliseconds
   */
  settled(messageId: string, timeoutMs: number, signal?: AbortSignal): SettledWait {
    let end = (): void => undefined;
    const record = new Promise<MessageRecord | undefined>((resolve) => {
      const done = (record?: MessageRecord): void => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
        const waiting = this.#waiting.get(messageId);
        waiting?.delete(done);
        if (waiting?.size === 0) this.#waiting.delete(messageId);
        resolve(record);
      };
      const onAbort = (): void => done();
      const cancel = this.#clock.schedule(timeoutMs, () => done());
      const waiting = this.#waiting.get(messageId) ?? new Set();
      this.#waiting.set(messageId, waiting.add(done));
      end = () => done();
      if (signal?.aborted) done();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
    return { record, end };
  }
}
