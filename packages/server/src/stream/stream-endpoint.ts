import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '@blazz/core';
import { WebSocketServer } from 'ws';
import type { Authenticator } from '../http/authenticate';
import type { Caller } from '../http/caller';
import { failure } from '../http/envelope';
import { httpStatus, toHttpError } from '../http/http-error';
import type { Scope } from '../http/scope';
import { KeyShare } from './key-share';
import { Stream, type StreamContext } from './stream';
import type { StreamTickets } from './tickets';

/** Where the event stream is. */
const streamPath = '/internal/ws';

/** What a key needs to follow it. Which workspaces it covers is checked with each subscription. */
const streamScope: Scope = 'events';

/** The protocol that a client must offer. */
const streamProtocol = 'blazz.v1';

/** What the endpoint works with. */
export interface StreamEndpointContext extends StreamContext {
  /** Finds out who connects. */
  readonly authenticator: Authenticator;
  /** The tickets of clients that cannot sign. */
  readonly tickets: StreamTickets;
  /** Hears with which code a stream ended. */
  readonly onClosed: (code: number) => void;
}

const ticketShape = /^blazz\.ticket\.([A-Za-z0-9_-]{43})$/;

/** Takes WebSocket upgrades at {@link streamPath}; every other upgrade is refused. */
export class StreamEndpoint {
  readonly #context: StreamEndpointContext;
  readonly #sockets: WebSocketServer;
  readonly #streams = new Set<Stream>();
  readonly #shares: KeyShare;

  /** @param context what it works with */
  constructor(context: StreamEndpointContext) {
    this.#context = context;
    this.#shares = new KeyShare(context.limits.maxStreamsPerKey);
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: context.limits.maxFrameBytes,
      handleProtocols: () => streamProtocol,
    });
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** Takes the upgrades of an HTTP server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  /** Closes every stream with 1012, once what clients acknowledged has been written. */
  async stop(): Promise<void> {
    const streams = [...this.#streams];
    await Promise.all(streams.map((stream) => stream.flushed()));
    for (const stream of streams) stream.close('restart');
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The client may hang up while it is checked.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const caller = await this.#admit(request);
      socket.off('error', ignore);
      this.#sockets.handleUpgrade(request, socket, head, (ws) => {
        const hasShare = this.#shares.take(caller.id);
        const stream = new Stream(ws, socket, caller, this.#context);
        this.#streams.add(stream);
        const { logger } = this.#context;
        logger.info('a stream opened', { key_id: caller.id, route: streamPath });
        ws.once('close', (code) => {
          this.#streams.delete(stream);
          if (hasShare) this.#shares.give(caller.id);
          this.#context.onClosed(code);
          logger.info('a stream closed', { status: code, key_id: caller.id, route: streamPath });
        });
        stream.start();
        // By a close code: a browser is not shown how an upgrade is refused.
        if (!hasShare) stream.close('share');
      });
    } catch (error) {
      refuse(socket, toHttpError(error));
    }
  }

  async #admit(request: IncomingMessage): Promise<Caller> {
    const { authenticator, tickets, isAccepting, limits } = this.#context;
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      throw new GatewayError(
        'bad_request',
        'Speak plain HTTP/1.1: only WebSocket upgrades are taken.',
      );
    }
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== streamPath) throw new GatewayError('not_found', 'There is no such route.');
    const offered = (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim());
    const ticket = offered.map((name) => ticketShape.exec(name)?.[1]).find(Boolean);
    const caller =
      ticket === undefined
        ? await authenticator.check(request)
        : (tickets.redeem(ticket) ?? (await authenticator.check(request)));
    if (!offered.includes(streamProtocol)) {
      throw new GatewayError('bad_request', `Offer the protocol ${streamProtocol}.`);
    }
    if (!isAccepting() || this.#streams.size >= limits.maxStreams) {
      throw new GatewayError('shutting_down', 'The instance takes no more streams. Try later.');
    }
    if (!caller.hasScope(streamScope)) {
      throw new GatewayError('forbidden', `The key lacks the scope "${streamScope}".`);
    }
    return caller;
  }
}

function refuse(socket: Duplex, error: GatewayError): void {
  const body = JSON.stringify(failure(error));
  const head = [
    `HTTP/1.1 ${httpStatus(error)} Refused`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
