import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Makes connections, and counts the bytes that pass them. */
export class CountingConnector {
  readonly #sockets = new Set<Socket>();
  readonly #connector = buildConnector({});

  /** What undici calls. */
  readonly connect: buildConnector.connector = (target, done) => {
    this.#connector(target, (error, socket) => {
      if (error !== null) return done(error, null);
      this.#sockets.add(socket);
      done(null, socket);
    });
  };

  /** How many bytes left, and how many came, so far. */
  get passed(): { readonly out: number; readonly in: number } {
    const sum = (of: (socket: Socket) => number): number =>
      [...this.#sockets].reduce((all, socket) => all + of(socket), 0);
    return { out: sum((socket) => socket.bytesWritten), in: sum((socket) => socket.bytesRead) };
  }
}
