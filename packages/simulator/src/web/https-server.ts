import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Certificate } from './certificate';

/** What the HTTPS server leaves to others. */
export interface HttpsHandlers {
  /** Answers one request. */
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  /** Decides about a page's socket: take it, cut it, or leave it hanging. */
  readonly upgrade: (request: IncomingMessage) => 'ok' | 'refuse' | 'hang';
  /** Takes a page's socket. */
  readonly connection: (socket: WebSocket) => void;
}

/** HTTPS and WebSockets on 127.0.0.1. */
export class HttpsServer {
  readonly #handlers: HttpsHandlers;
  readonly #sockets = new Set<Socket>();
  readonly #webSockets = new WebSocketServer({ noServer: true });
  #server: Server | undefined;

  /** @param handlers who answers */
  constructor(handlers: HttpsHandlers) {
    this.#handlers = handlers;
  }

  /**
   * Listens.
   * @returns the port
   * @throws the system's error when the port cannot be had
   */
  async start(port: number, { key, cert }: Certificate): Promise<number> {
    const server = createServer({ key, cert }, this.#handlers.request);
    this.#server = server;
    server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    server.on('upgrade', (request, socket, head) => {
      const verdict = this.#handlers.upgrade(request);
      if (verdict === 'refuse') socket.destroy();
      if (verdict !== 'ok') return;
      this.#webSockets.handleUpgrade(request, socket, head, this.#handlers.connection);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  }

  /** Cuts every page's socket. */
  dropWebSockets(): void {
    for (const client of this.#webSockets.clients) client.terminate();
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    this.dropWebSockets();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
