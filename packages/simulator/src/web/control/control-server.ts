import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodes, GatewayError, toGatewayError } from '@blazz/core';
import type { WebSimulator } from '../web-simulator';
import { EventStream } from './event-stream';
import { JsonBody } from './json-body';
import { phonePage } from './phone-page/phone-page';
import { controlRoutes } from './routes';

/** What a {@link ControlServer} can be told. */
export interface ControlServerOptions {
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  /** What callers must know, at least 16 characters. Default: 24 random bytes, base64url. */
  readonly token?: string;
}

/**
 * The controls of a {@link WebSimulator} over plain HTTP on 127.0.0.1, for other languages and for
 * people (the phone's page). Callers prove that they may with a token; the `Host` header must be
 * this machine's, so that no page of another site can reach it by a name of its own.
 */
export class ControlServer implements AsyncDisposable {
  readonly #simulator: WebSimulator;
  readonly #options: ControlServerOptions;
  readonly #events: EventStream;
  /** What callers must know. */
  readonly token: string;
  #server: Server | undefined;
  #port = 0;

  /**
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: WebSimulator, options: ControlServerOptions = {}) {
    this.#simulator = simulator;
    this.#options = options;
    this.#events = new EventStream(simulator);
    this.token = options.token ?? randomBytes(24).toString('base64url');
    if (this.token.length >= 16) return;
    throw new GatewayError('invalid_config', 'The control token needs at least 16 characters.');
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The address of the phone's page; the token is in its fragment, which no server ever sees. */
  get phoneUrl(): string {
    return `${this.url}/#${this.token}`;
  }

  /** Listens. A second call does nothing. @throws the system's error when the port cannot be had */
  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((thrown) => fail(response, thrown));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port ?? 0, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#events.start();
  }

  /** Ends every stream and stops listening. Safe to call more than once. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#events.stop();
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#checkHost(request);
    const pathname = pathOf(request.url, this.url);
    if (pathname === '/') {
      const { html, policy } = phonePage();
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      response.end(html);
      return;
    }
    this.#checkToken(request);
    if (pathname === '/api/events') {
      this.#events.open(response);
    } else if (pathname.startsWith('/api/media/')) {
      await this.#media(pathname.slice('/api/media'.length), response);
    } else {
      await this.#route(request, response, pathname);
    }
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<void> {
    const fitting = controlRoutes
      .map((route) => ({ route, path: match(route.path, pathname) }))
      .filter((one) => one.path !== undefined);
    if (fitting.length === 0)
      throw new GatewayError('not_found', 'No such route; the README lists them.');
    const found = fitting.find((one) => one.route.method === request.method);
    if (!found)
      throw new GatewayError(
        'method_not_allowed',
        'This path has other methods; the README lists them.',
      );
    const body = await JsonBody.of(request);
    const answer = await found.route.run({
      simulator: this.#simulator,
      path: found.path ?? {},
      body,
    });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer ?? { ok: true }));
  }

  async #media(path: string, response: ServerResponse): Promise<void> {
    const media = await this.#simulator.media(path);
    if (!media) throw new GatewayError('not_found', 'No such medium.');
    // Never a page of ours: what was uploaded must not run under this origin.
    response.writeHead(200, {
      'content-type': media.mimetype,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
    response.end(media.bytes);
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

/** The values of a path's `{names}`, or undefined when the path is another one. */
function match(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) values[part.slice(1, -1)] = decode(value);
    else if (part !== value) return undefined;
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new GatewayError('bad_request', 'The path is not properly percent-encoded.', { cause });
  }
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
