import { type CancelTimer, type Clock, GatewayError } from '@blazz/core';
import { WebSocket } from 'ws';
import { type ConnectionEnd, endOf } from './close-codes';
import { decodeServerFrame, type ServerFrame } from './server-frame';
import { refusalOf } from './upgrade-refusal';

/** What a {@link FeedConnection} needs. */
export interface FeedConnectionOptions {
  /** Where the stream is, such as `ws://127.0.0.1:4800/internal/ws`. */
  readonly url: string;
  /** The headers that sign the upgrade. */
  readonly headers: Readonly<Record<string, string>>;
  /** Measures time. */
  readonly clock: Clock;
  /** How long the instance may take to greet, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Hears every frame. Must not throw. */
  readonly onFrame: (frame: ServerFrame) => void;
}

/** The largest event is a message of a few KiB; nothing near this is one. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** How long an instance may take over its half of the closing handshake, in milliseconds. */
const CLOSE_MS = 1_000;
/** How many heartbeats may be missing before the connection counts as dead. */
const MISSED_HEARTBEATS = 2;

/** One WebSocket to the event stream, from the upgrade to its end. */
export class FeedConnection {
  readonly #options: FeedConnectionOptions;
  readonly #socket: WebSocket;
  #lastHeard = 0;
  #cancelWatch: CancelTimer = () => undefined;
  #error: GatewayError | undefined;
  #refusal: ConnectionEnd | undefined;

  /** Begins to connect. */
  constructor(options: FeedConnectionOptions) {
    this.#options = options;
    this.#socket = new WebSocket(options.url, ['blazz.v1'], {
      headers: options.headers,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: MAX_FRAME_BYTES,
    });
  }

  /**
   * Serves the connection until it ends.
   * @param signal closes it
   */
  run(signal: AbortSignal): Promise<ConnectionEnd> {
    const socket = this.#socket;
    const { clock, connectTimeoutMs } = this.#options;
    const late = new GatewayError(
      'timeout',
      'The instance did not greet in time. The feed tries again.',
    );
    this.#cancelWatch = clock.schedule(connectTimeoutMs, () => this.#abandon(late));
    const onAbort = (): void => this.#close();
    socket.on('message', (data) => this.#onMessage(String(data)));
    socket.on('ping', () => this.#hear());
    socket.on('error', (cause) => {
      this.#error ??= unreachable(cause);
    });
    socket.on('unexpected-response', (_, response) => {
      refusalOf(response, clock.now()).then(
        (end) => {
          this.#refusal = end;
          socket.terminate();
        },
        (cause: unknown) => this.#abandon(unreachable(cause)),
      );
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return new Promise((resolve) => {
      socket.once('close', (code) => {
        this.#cancelWatch();
        signal.removeEventListener('abort', onAbort);
        resolve(this.#refusal ?? this.#endOf(code));
      });
    });
  }

  /** Sends a frame. It is dropped when the connection is not open. */
  send(frame: Readonly<Record<string, unknown>>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Stops reading, so that the instance stops sending. Frames that arrived already still come. */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#hear();
    this.#socket.resume();
  }

  /** Watches for silence: a connection that died without a word never closes by itself. */
  #watch(heartbeatMs: number): void {
    const { clock } = this.#options;
    this.#cancelWatch();
    this.#cancelWatch = clock.schedule(heartbeatMs, () => {
      const silence = clock.monotonic() - this.#lastHeard;
      if (!this.#socket.isPaused && silence > heartbeatMs * MISSED_HEARTBEATS) {
        const message = 'The instance fell silent. The feed connects again by itself.';
        return this.#abandon(new GatewayError('connection_failed', message));
      }
      return this.#watch(heartbeatMs);
    });
  }

  #hear(): void {
    this.#lastHeard = this.#options.clock.monotonic();
  }

  #onMessage(text: string): void {
    this.#hear();
    const frame = decodeServerFrame(text);
    if (frame === undefined) {
      const message =
        'The instance sent what is not a frame of blazz.v1. Check what stands between.';
      return this.#abandon(new GatewayError('bad_response', message));
    }
    if (frame.kind === 'hello') this.#watch(frame.heartbeatMs);
    return this.#options.onFrame(frame);
  }

  #abandon(error: GatewayError): void {
    this.#error ??= error;
    this.#socket.terminate();
  }

  #close(): void {
    this.#cancelWatch();
    this.#socket.resume();
    this.#socket.close(1000);
    this.#cancelWatch = this.#options.clock.schedule(CLOSE_MS, () => this.#socket.terminate());
  }

  #endOf(closeCode: number): ConnectionEnd {
    const end = endOf(closeCode);
    if (end.fatal || this.#error === undefined) return end;
    return { error: this.#error, fatal: false };
  }
}

function unreachable(cause: unknown): GatewayError {
  const message = 'The event stream could not be reached. The feed tries again by itself.';
  return new GatewayError('connection_failed', message, { cause });
}
