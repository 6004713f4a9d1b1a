import { GatewayError } from '@blazz/core';
import { GraphControls } from './graph-controls';
import { GraphServer } from './http/graph-server';
import type { GraphSimulatorOptions } from './options';

/**
 * Meta's WhatsApp Cloud API, simulated on 127.0.0.1: a real HTTP server that clients of
 * graph.facebook.com talk to, the webhooks that it delivers, and the controls of both sides.
 */
export class GraphSimulator extends GraphControls implements AsyncDisposable {
  readonly #options: GraphSimulatorOptions;
  readonly #server: GraphServer;
  readonly #where: { port: number | undefined };

  /** @param options ports, delays, limits; nothing happens before {@link start} */
  constructor(options: GraphSimulatorOptions = {}) {
    const where: { port: number | undefined } = { port: undefined };
    super(options, () => originOf(where.port));
    this.#options = options;
    this.#where = where;
    this.#server = new GraphServer(this.services);
  }

  /**
   * Listens. A second call does nothing.
   * @throws the system's error when the port cannot be had
   */
  async start(): Promise<void> {
    if (this.#where.port !== undefined) return;
    this.services.context.timers.start();
    this.#where.port = await this.#server.listen(this.#options.port ?? 0);
  }

  /** Cuts every connection, forgets what was on its way. Safe to call more than once. */
  async stop(): Promise<void> {
    this.#where.port = undefined;
    this.services.context.timers.stop();
    this.services.callbacks.stop();
    await this.#server.close();
  }

  /** The same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * The base address, in the place of `https://graph.facebook.com`, without a slash at the end.
   * @throws GatewayError `conflict` before start
   */
  get url(): string {
    return originOf(this.#where.port);
  }

  /** Closes the port, as in an outage: connections are cut and refused until {@link goOnline}. */
  async goOffline(): Promise<void> {
    await this.#server.close();
  }

  /** Opens the same port again. @throws GatewayError `conflict` before start */
  async goOnline(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.#server.close();
    await this.#server.listen(port);
  }
}

function originOf(port: number | undefined): string {
  if (port !== undefined) return `http://127.0.0.1:${port}`;
  throw new GatewayError('conflict', 'The simulator does not run: call start() first.');
}
