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

  /** Sends a message as a frame. */
  send(text: string): void {
    if (!this.#isOpen()) return;
    this.#socket.send(text, { binary: false }, this.#onSent);
    this.#check();
  }

  /**
   * Writes whole frames past the WebSocket, which would make each of them anew for each reader. It
   * keeps nothing back itself, so the order is that of the calls.
   */
  write(frames: Buffer): void {
    if (!this.#isOpen()) return;
    this.#raw.write(frames, this.#onSent);
    this.#check();
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

  /** Whether there is somebody to write to; whatever this turn writes leaves together. */
  #isOpen(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#corked) return true;
    this.#corked = true;
    this.#raw.cork();
    setImmediate(() => {
      this.#corked = false;
      this.#raw.uncork();
    });
    return true;
  }

  #check(): void {
    if (this.#socket.bufferedAmount > this.#limits.closeBytes) this.#onSlow();
  }

  /** Called as each frame has gone to the operating system. */
  readonly #onSent = (): void => {
    if (this.#socket.bufferedAmount <= this.#limits.resumeBytes) this.#drained?.resolve();
  };
}
