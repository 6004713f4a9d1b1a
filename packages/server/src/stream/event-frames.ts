import type { GatewayEvent } from '@blazz/core';

/** The most bytes of encoded events that are kept for the next reader. */
const KEEP_BYTES = 4 * 1024 * 1024;

/**
 * Encodes events to frames, each once however many streams want it: readers at the head of a log
 * ask for the same event within moments.
 */
export class EventFrames {
  readonly #kept = new Map<string, Buffer>();
  #bytes = 0;

  /** The frame of an event: UTF-8 JSON. Do not change it. */
  encode(event: GatewayEvent): Buffer {
    const kept = this.#kept.get(event.id);
    if (kept !== undefined) return kept;
    const frame = Buffer.from(`{"type":"event","event":${JSON.stringify(event)}}`);
    this.#kept.set(event.id, frame);
    this.#bytes += frame.byteLength;
    this.#forgetOldest();
    return frame;
  }

  #forgetOldest(): void {
    for (const [id, frame] of this.#kept) {
      if (this.#bytes <= KEEP_BYTES) return;
      this.#kept.delete(id);
      this.#bytes -= frame.byteLength;
    }
  }
}
