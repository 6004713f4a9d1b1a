import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodes, GatewayError, toGatewayError } from '@blazz/core';

/** What a control server can be told. */
export interface ControlServerOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** What callers must know, at least 16 characters. Default: 24 random bytes, base64url. */
  readonly token?: string;
}

/** What a {@link ControlHttp} serves. */
export interface ControlHandlers {
  /** Answers a path that needs no token. @returns whether it did */
  readonly open?: (pathname: string, response: ServerResponse) => boolean;
  /** Answers everything else, once the caller proved that it may. */
  readonly answer: (
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ) => Promise<void> | void;
}

/**
 * Plain HTTP on 127.0.0.1 for controls. Callers prove that they may with a token; the `Host` header
 * must be this machine's, so that no page of another site can reach it by a name of its own.
 */
export class ControlHttp {
  readonly #options: ControlServerOptions;
  readonly #handlers: ControlHandlers;
  /** What callers must know. */
  readonly token: string;
  #server: Server | undefined;
  #port = 0;

  /**
   * @param options port and token
   * @param handlers what it serves
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(options: ControlServerOptions, handlers: ControlHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.token = options.token ?? randomBytes(24).toString('base64url');
    if (this.token.length >= 16) return;
    throw new GatewayError('invalid_config', 'The control token needs at least 16 characters.');
  }

  /** Whether it listens. */
  get running(): boolean {
    return this.#server !== undefined;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens. @throws the system's error when the port cannot be had */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((thrown) => fail(response, thrown));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port ?? 0, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Stops listening. Safe to call more than once. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#checkHost(request);
    const pathname = pathOf(request.url, this.url);
    if (this.#handlers.open?.(pathname, response)) return;
    this.#checkToken(request);
    await this.#handlers.answer(request, response, pathname);
  }

  #checkHost(request: IncomingMessage): void {
    const allowed = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    if (allowed.includes(request.headers.host ?? '')) return;
    throw new GatewayError('forbidden', 'Address the simulator as 127.0.0.1 or localhost.');
  }

  #checkToken(request: IncomingMessage): void {
    const given = Buffer.from((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    const wanted = Buffer.from(this.token);
    if (given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)) return;
    throw new GatewayError(
      'signature_invalid',
      'Send the token that the simulator printed: Authorization: Bearer ….',
    );
  }
}

/** The path of a request. @throws GatewayError `bad_request` for an address that is none */
function pathOf(address: string | undefined, base: string): string {
  if (address !== undefined && URL.canParse(address, base)) return new URL(address, base).pathname;
  throw new GatewayError('bad_request', 'This is no address of the simulator.');
}

function fail(response: ServerResponse, thrown: unknown): void {
  const error = toGatewayError(thrown, 'internal', 'The simulator failed; see its output.');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(errorCodes[error.code].status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
