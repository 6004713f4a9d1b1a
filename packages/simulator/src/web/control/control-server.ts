import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '@blazz/core';
import { ControlHttp, type ControlServerOptions } from '../../control/control-http';
import { EventStream } from '../../control/event-stream';
import { JsonBody } from '../../control/json-body';
import { matchRoute } from '../../control/match-route';
import type { WebSimulator } from '../web-simulator';
import { phonePage } from './phone-page/phone-page';
import { controlRoutes } from './routes';
import { streamedEvents } from './streamed-events';

/**
 * The controls of a {@link WebSimulator} over plain HTTP on 127.0.0.1, for other languages and for
 * people (the phone's page). Callers prove that they may with a token; the `Host` header must be
 * this machine's, so that no page of another site can reach it by a name of its own.
 */
export class ControlServer implements AsyncDisposable {
  readonly #simulator: WebSimulator;
  readonly #http: ControlHttp;
  readonly #events: EventStream;

  /**
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: WebSimulator, options: ControlServerOptions = {}) {
    this.#simulator = simulator;
    this.#events = new EventStream(simulator, streamedEvents);
    this.#http = new ControlHttp(options, {
      open: showPhonePage,
      answer: (request, response, pathname) => this.#answer(request, response, pathname),
    });
  }

  /** What callers must know. */
  get token(): string {
    return this.#http.token;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return this.#http.url;
  }

  /** The address of the phone's page; the token is in its fragment, which no server ever sees. */
  get phoneUrl(): string {
    return `${this.url}/#${this.token}`;
  }

  /** Listens. A second call does nothing. @throws the system's error when the port cannot be had */
  async start(): Promise<void> {
    if (this.#http.running) return;
    await this.#http.start();
    this.#events.start();
  }

  /** Ends every stream and stops listening. Safe to call more than once. */
  async stop(): Promise<void> {
    this.#events.stop();
    await this.#http.stop();
  }

  /** The same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
  ): Promise<void> {
    if (pathname === '/api/events') {
      this.#events.open(response);
    } else if (pathname.startsWith('/api/media/')) {
      await this.#media(pathname.slice('/api/media'.length), response);
    } else {
      const { route, path } = matchRoute(controlRoutes, request.method, pathname);
      const body = await JsonBody.of(request);
      const answer = await route.run({ simulator: this.#simulator, path, body });
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(answer ?? { ok: true }));
    }
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
}

function showPhonePage(pathname: string, response: ServerResponse): boolean {
  if (pathname !== '/') return false;
  const { html, policy } = phonePage();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(html);
  return true;
}
