import type { Duplex } from 'node:stream';
import type { Clock } from '@blazz/core';
import type { WebSocket } from 'ws';
import type { StreamLimits } from './limits';

/**
 * The sending side of one stream. Frames of one tick leave in one write, and whoever produces them
 * asks {@link StreamWriter.ready} first: so a slow reader costs about a megabyte, never more.
 */
export class StreamWriter {
  readonly #socket: WebSocket;
  readonly #raw: Duplex;
  readonly #limits: StreamLimits;
  readonly #clock: Clock;
  readonly #onSlow: () => void;
  #corked = false;
  #drained: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /**
   * @param socket the WebSocket
   * @param raw the socket below it
   * @param onSlow called when the reader is so slow that the stream must end
   */
  constructor(
    socket: WebSocket,
    raw: Duplex,
    limits: StreamLimits,
    clock: Clock,
    onSlow: () => void,
  ) {
    this.#socket = socket;
    this.#raw = raw;
    this.#limits = limits;
    this.#clock = clock;
    this.#onSlow = onSlow;
  }

  /** Writes a frame. */
  send(frame: Buffer | string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#raw.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#raw.uncork();
      });
    }
    this.#socket.send(frame, { binary: false }, this.#onSent);
    if (this.#socket.bufferedAmount > this.#limits.closeBytes) this.#onSlow();
  }

  /** Whether so little is unsent that more may be read; otherwise wait for {@link drained}. */
  get ready(): boolean {
    return this.#socket.bufferedAmount <= this.#limits.pauseBytes;
  }

  /** Resolves when the reader has caught up, or the stream is closed. A reader that never does is slow. */
  drained(): Promise<void> {
    if (this.#drained === undefined) {
      let settle: () => void = () => undefined;
      const promise = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const cancel = this.#clock.schedule(this.#limits.stallMs, this.#onSlow);
      const resolve = (): void => {
        cancel();
        this.#drained = undefined;
        settle();
      };
      this.#drained = { promise, resolve };
      this.#onSent();
    }
    return this.#drained?.promise ?? Promise.resolve();
  }

  /** Lets whoever waits go on, to find the stream closed. */
  close(): void {
    this.#drained?.resolve();
  }

  /** Called as each frame has gone to the operating system. */
  readonly #onSent = (): void => {
    if (this.#socket.bufferedAmount <= this.#limits.resumeBytes) this.#drained?.resolve();
  };
}
