import type { EventPage, GatewayEvent, LogBounds } from '@blazz/core';
import type { EventFilter } from './event-filter';
import { textFrameHeadLength, writeTextFrameHead } from './text-frame';

/** About how many bytes are handed to a socket at once; a larger event goes alone. */
const STRETCH_BYTES = 64 * 1024;

/** Frames that follow each other on the wire. */
export interface Stretch {
  /** The frames, as they go to the socket. Every reader gets the same bytes: do not change them. */
  readonly bytes: Buffer;
  /** The `seq` of the last one. */
  readonly lastSeq: number;
  /** How many there are. */
  readonly count: number;
}

interface Placed extends Pick<GatewayEvent, 'seq' | 'type' | 'session_id'> {
  readonly start: number;
  readonly end: number;
}

/**
 * A page of the log as frames: encoded once into one buffer, of which each reader gets the parts
 * that it asked for.
 */
export class FramePage implements LogBounds {
  /** Where to read on. */
  readonly next: number;
  /** {@inheritDoc LogBounds.oldestSeq} */
  readonly oldestSeq: number;
  /** {@inheritDoc LogBounds.headSeq} */
  readonly headSeq: number;
  readonly #bytes: Buffer;
  readonly #placed: readonly Placed[];
  #whole: readonly Stretch[] | undefined;

  /** @param page what the store gave */
  constructor(page: EventPage) {
    this.next = page.next;
    this.oldestSeq = page.oldestSeq;
    this.headSeq = page.headSeq;
    const texts = page.events.map((event) => `{"type":"event","event":${JSON.stringify(event)}}`);
    const lengths = texts.map((text) => Buffer.byteLength(text));
    const total = lengths.reduce((sum, length) => sum + length + textFrameHeadLength(length), 0);
    this.#bytes = Buffer.allocUnsafe(total);
    let end = 0;
    this.#placed = page.events.map(({ seq, type, session_id }, i) => {
      const start = end;
      end = writeTextFrameHead(this.#bytes, start, lengths[i] as number);
      end += this.#bytes.write(texts[i] as string, end);
      return { seq, type, session_id, start, end };
    });
  }

  /** How many bytes its frames take. */
  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  /** Whether the log ended here when the page was read. */
  get isLast(): boolean {
    return this.next >= this.headSeq;
  }

  /** The frames that pass, in order, in as few stretches as there are gaps between them. */
  stretches(filter: EventFilter): readonly Stretch[] {
    if (!filter.isOpen) return this.#cut(filter);
    this.#whole ??= this.#cut(filter);
    return this.#whole;
  }

  #cut(filter: EventFilter): readonly Stretch[] {
    const stretches: Stretch[] = [];
    let run: { start: number; end: number; lastSeq: number; count: number } | undefined;
    const close = (): void => {
      if (run === undefined) return;
      const { start, end, lastSeq, count } = run;
      stretches.push({ bytes: this.#bytes.subarray(start, end), lastSeq, count });
    };
    for (const event of this.#placed) {
      if (!filter.passes(event)) continue;
      const { seq, start, end } = event;
      if (run?.end === start && end - run.start <= STRETCH_BYTES) {
        run = { start: run.start, end, lastSeq: seq, count: run.count + 1 };
        continue;
      }
      close();
      run = { start, end, lastSeq: seq, count: 1 };
    }
    close();
    return stretches;
  }
}
