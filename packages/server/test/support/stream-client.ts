import { systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import { WebSocket } from 'ws';
import type { TestKey } from './call';

/** A client of the event stream that a test drives frame by frame. */
export interface StreamClient extends AsyncDisposable {
  readonly socket: WebSocket;
  /** The next frame from the server. */
  next(): Promise<Record<string, unknown> & { type: string }>;
  /** The next event. */
  nextEvent(): Promise<{ seq: number; type: string; data: Record<string, unknown> }>;
  send(frame: unknown): void;
  /** The code that the connection was closed with. */
  readonly closed: Promise<number>;
}

/** Connects; with a key, the upgrade is signed. */
export function connectStream(
  baseUrl: string,
  options: {
    key?: TestKey;
    protocols?: string[];
    headers?: Record<string, string>;
    path?: string;
  } = {},
): Promise<StreamClient> {
  const { key, protocols = ['blazz.v1'], path = '/internal/ws' } = options;
  const { host } = new URL(baseUrl);
  const signed =
    key === undefined
      ? {}
      : new Signer({ keyId: key.id, secret: key.secret, clock: systemClock }).sign({
          method: 'GET',
          authority: host,
          rawTarget: path,
        });
  const socket = new WebSocket(`ws://${host}${path}`, protocols, {
    headers: { ...signed, ...options.headers },
    perMessageDeflate: false,
  });
  const frames: string[] = [];
  const waiting: ((frame: string) => void)[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data) => {
    const taker = waiting.shift();
    if (taker === undefined) frames.push(String(data));
    else taker(String(data));
  });
  const client: StreamClient = {
    socket,
    closed,
    async next() {
      const text =
        frames.shift() ??
        (await Promise.race([
          new Promise<string>((resolve) => waiting.push(resolve)),
          closed.then((code) => {
            throw new Error(`closed with ${code}`);
          }),
        ]));
      return JSON.parse(text);
    },
    async nextEvent() {
      for (;;) {
        const frame = await client.next();
        if (frame.type === 'event') return frame.event as never;
      }
    },
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(client));
    socket.once('error', reject);
  });
}
