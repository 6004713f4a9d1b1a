import type { Clock, EventStore } from '@blazz/core';

/** How often it is noted that a consumer is there, in milliseconds: the one that is not is forgotten after days. */
const SEEN_EVERY_MS = 3_600_000;

/**
 * Keeps how far a named consumer has acknowledged. Acknowledgements come faster than a store
 * writes, and each includes those before it: so at most one write is under way, and the latest waits.
 */
export class CursorKeeper {
  readonly #events: EventStore;
  readonly #workspaceId: string;
  readonly #consumer: string;
  readonly #clock: Clock;
  #latest = 0;
  /** When that was noted last; undefined while there is no cursor. */
  #seenAt: number | undefined;
  #writing: Promise<void> | undefined;

  /**
   * @param request whose cursor it is
   * @param events where cursors are kept
   * @param clock notes when the consumer was seen
   */
  constructor(
    { workspaceId, consumer }: { readonly workspaceId: string; readonly consumer: string },
    events: EventStore,
    clock: Clock,
  ) {
    this.#events = events;
    this.#workspaceId = workspaceId;
    this.#consumer = consumer;
    this.#clock = clock;
  }

  /** Where the consumer stands; it is seen by that. */
  async begin(): Promise<number | undefined> {
    const saved = await this.#events.cursor(this.#workspaceId, this.#consumer);
    if (saved !== undefined) {
      this.#latest = Math.max(saved, this.#latest);
      this.#writing ??= this.#write();
    }
    return saved;
  }

  /** Notes an acknowledgement. Never backwards. */
  save(seq: number): void {
    if (seq <= this.#latest) return;
    this.#latest = seq;
    this.#writing ??= this.#write();
  }

  /** Notes, once in a while, that the consumer is there, though it has nothing to acknowledge. */
  seen(): void {
    if (this.#seenAt === undefined || this.#clock.now() - this.#seenAt < SEEN_EVERY_MS) return;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything that was noted has been written, or could not be. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    let written = -1;
    try {
      while (written < this.#latest) {
        written = this.#latest;
        const now = this.#clock.now();
        await this.#events.saveCursor(this.#workspaceId, this.#consumer, written, now);
        this.#seenAt = now;
      }
    } catch {
      // The client reads some events again after its next start: delivery is at least once.
    } finally {
      this.#writing = undefined;
    }
  }
}
