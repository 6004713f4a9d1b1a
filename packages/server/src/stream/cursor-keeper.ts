import type { EventStore } from '@blazz/core';

/**
 * Keeps how far a named consumer has acknowledged. Acknowledgements come faster than a store
 * writes, and each includes those before it: so at most one write is under way, and the latest waits.
 */
export class CursorKeeper {
  readonly #events: EventStore;
  readonly #workspaceId: string;
  readonly #consumer: string;
  #latest = 0;
  #writing: Promise<void> | undefined;

  /** @param events where cursors are kept */
  constructor(events: EventStore, workspaceId: string, consumer: string) {
    this.#events = events;
    this.#workspaceId = workspaceId;
    this.#consumer = consumer;
  }

  /** Notes an acknowledgement. Never backwards. */
  save(seq: number): void {
    if (seq <= this.#latest) return;
    this.#latest = seq;
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
        await this.#events.saveCursor(this.#workspaceId, this.#consumer, written);
      }
    } catch {
      // The client reads some events again after its next start: delivery is at least once.
    } finally {
      this.#writing = undefined;
    }
  }
}
