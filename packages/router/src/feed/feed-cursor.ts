import { GatewayError } from '@blazz/core';
import { beginsAnew, cursorAfter, type FeedItem } from './feed-item';

/**
 * How far a feed is: what it received, what its consumer took, and what is acknowledged. It resumes
 * after the last acknowledgement, and passes over what the consumer has in hand already.
 */
export class FeedCursor {
  #received = -1;
  #taken = -1;
  #acknowledged: number | undefined;
  /** How often the log began anew, as received and as taken: between the two, numbers are of the old log. */
  #receivedLogs = 0;
  #takenLogs = 0;

  /** @param after where to begin, when the caller said so by number */
  constructor(after: number | undefined) {
    this.#acknowledged = after;
  }

  /** The `seq` after which to resume; undefined as long as nobody can know. */
  get resumeAfter(): number | undefined {
    return this.#acknowledged;
  }

  /** Notes where the instance says that the feed begins. What is acknowledged already counts more. */
  begin(after: number): void {
    this.#acknowledged ??= after;
  }

  /** Notes an item that came. Returns whether it is new. */
  receive(item: FeedItem): boolean {
    const cursor = cursorAfter(item);
    if (beginsAnew(item)) {
      this.#receivedLogs += 1;
      this.#acknowledged = cursor;
    } else if (cursor <= this.#received) return false;
    this.#received = cursor;
    return true;
  }

  /** Notes an item that the consumer took. */
  take(item: FeedItem): void {
    if (beginsAnew(item)) this.#takenLogs += 1;
    this.#taken = cursorAfter(item);
  }

  /**
   * Acknowledges everything up to `seq`.
   * @returns whether that is news
   * @throws GatewayError `bad_request` when it was not handed out yet
   */
  acknowledge(seq: number): boolean {
    if (!Number.isSafeInteger(seq) || seq > this.#taken) {
      throw new GatewayError(
        'bad_request',
        'Acknowledge the seq of an event that the feed has handed out.',
      );
    }
    if (this.#takenLogs < this.#receivedLogs) return false;
    if (this.#acknowledged !== undefined && seq <= this.#acknowledged) return false;
    this.#acknowledged = seq;
    return true;
  }
}
