import type { IncomingMessage, ServerResponse } from 'node:http';
import { ControlHttp, type ControlServerOptions } from './control-http';
import type { SimulatorRoute } from './control-route';
import { type EventSource, EventStream, type StreamedEvents } from './event-stream';
import { JsonBody } from './json-body';
import { matchRoute } from './match-route';

/** What a simulator's controls serve. */
export interface ControlTable<Simulator> {
  /** The routes that answer with JSON. */
  readonly routes: readonly SimulatorRoute<Simulator>[];
  /** The events of `GET /api/events`. */
  readonly events: StreamedEvents;
  /** Answers a path that needs no token. @returns whether it did */
  readonly open?: (pathname: string, response: ServerResponse) => boolean;
  /** Answers a path that is no JSON route. @returns whether it did */
  readonly other?: (pathname: string, response: ServerResponse) => Promise<boolean>;
}

/**
 * A simulator's controls over plain HTTP on 127.0.0.1. Callers prove that they may with a token; the
 * `Host` header must be this machine's, so that no page of another site can reach it by a name of its own.
 */
export class RoutedControls<Simulator extends EventSource> implements AsyncDisposable {
  readonly #simulator: Simulator;
  readonly #table: ControlTable<Simulator>;
  readonly #http: ControlHttp;
  readonly #events: EventStream;

  /**
   * @internal
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @param table what is served
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: Simulator, options: ControlServerOptions, table: ControlTable<Simulator>) {
    this.#simulator = simulator;
    this.#table = table;
    this.#events = new EventStream(simulator, table.events);
    this.#http = new ControlHttp(options, {
      ...(table.open === undefined ? {} : { open: table.open }),
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
    if (pathname === '/api/events') return this.#events.open(response);
    if (await this.#table.other?.(pathname, response)) return;
    const { route, path } = matchRoute(this.#table.routes, request.method, pathname);
    const body = await JsonBody.of(request);
    const answer = await route.run({ simulator: this.#simulator, path, body });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer ?? { ok: true }));
  }
}
