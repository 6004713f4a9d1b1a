import { ControlHttp, type ControlServerOptions } from '../../control/control-http';
import { EventStream } from '../../control/event-stream';
import { JsonBody } from '../../control/json-body';
import { matchRoute } from '../../control/match-route';
import type { GraphSimulator } from '../graph-simulator';
import { graphControlRoutes } from './routes';
import { streamedEvents } from './streamed-events';

/**
 * The controls of a {@link GraphSimulator} over plain HTTP on 127.0.0.1, for tests in other languages.
 * Callers prove that they may with a token; the `Host` header must be this machine's.
 */
export class GraphControlServer implements AsyncDisposable {
  readonly #http: ControlHttp;
  readonly #events: EventStream;

  /**
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: GraphSimulator, options: ControlServerOptions = {}) {
    this.#events = new EventStream(simulator, streamedEvents);
    this.#http = new ControlHttp(options, {
      answer: async (request, response, pathname) => {
        if (pathname === '/api/events') {
          this.#events.open(response);
          return;
        }
        const { route, path } = matchRoute(graphControlRoutes, request.method, pathname);
        const body = await JsonBody.of(request);
        const answer = await route.run({ simulator, path, body });
        response.writeHead(200, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
        });
        response.end(JSON.stringify(answer ?? { ok: true }));
      },
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
}
