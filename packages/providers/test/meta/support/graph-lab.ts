import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Provider, ProviderContext, ProviderFactory } from '@blazz/core';
import { type MetaOptions, type MetaSettings, metaProvider } from '@blazz/providers/meta';
import { type Business, GraphSimulator, type GraphSimulatorOptions } from '@blazz/simulator/graph';

/**
 * The simulated Graph API, a business for each session, and what stands between Meta's webhooks and
 * a session: a callback that verifies, cuts, decodes and hands over.
 */
export class GraphLab implements AsyncDisposable {
  readonly simulator: GraphSimulator;
  readonly factory: ProviderFactory<MetaSettings>;
  /** Deliveries whose signature did not hold. */
  forged = 0;
  readonly #businesses = new Map<string, Business>();
  readonly #sockets = new Set<Socket>();
  readonly #live = new Map<ProviderContext<MetaSettings>, Provider>();
  #callback: Server | undefined;
  #url = '';

  private constructor(options: GraphSimulatorOptions, meta: MetaOptions) {
    this.simulator = new GraphSimulator(options);
    const inner = metaProvider({
      ...meta,
      connect: (target, done) => {
        const socket = connect(Number(target.port), '127.0.0.1');
        this.#sockets.add(socket);
        socket.once('connect', () => done(null, socket));
        socket.once('error', (error) => done(error, null));
        socket.once('close', () => this.#sockets.delete(socket));
      },
    });
    this.factory = {
      ...inner,
      // Each session has a number of its own; a workspace's settings name one.
      parse: (settings) => settings as MetaSettings,
      create: (context) => {
        const own = { ...context, settings: inner.parse(this.settings(context.sessionId)) };
        const provider = inner.create(own);
        return Object.assign(Object.create(provider) as typeof provider, {
          start: async (signal: AbortSignal) => {
            this.#live.set(own, provider);
            try {
              await provider.start(signal);
            } catch (error) {
              this.#live.delete(own);
              throw error;
            }
          },
          send: provider.send.bind(provider),
          heard: provider.heard?.bind(provider),
          stop: async () => {
            this.#live.delete(own);
            await provider.stop();
          },
        });
      },
    };
  }

  static async open(
    options: GraphSimulatorOptions = {},
    meta: MetaOptions = {},
  ): Promise<GraphLab> {
    const lab = new GraphLab(options, meta);
    await lab.simulator.start();
    await lab.#listen();
    return lab;
  }

  /** Connections to Graph that are open although no session runs. */
  get leftovers(): readonly string[] {
    if (this.#live.size > 0) return [];
    return [...this.#sockets].map((socket) => `a connection from port ${socket.localPort}`);
  }

  /** The business of a session. */
  business(sessionId: string): Business {
    const known = this.#businesses.get(sessionId);
    if (known !== undefined) return known;
    const number = `1555000${String(1_000 + this.#businesses.size)}`;
    const made = this.simulator.addBusiness({ name: sessionId, number, callbackUrl: this.#url });
    this.#businesses.set(sessionId, made);
    return made;
  }

  /** What the workspace of a session sets. */
  settings(sessionId: string): Record<string, unknown> {
    const { phoneNumberId, wabaId, accessToken, appSecret, verifyToken } = this.business(sessionId);
    return {
      phone_number_id: phoneNumberId,
      waba_id: wabaId,
      access_token: accessToken,
      app_secret: appSecret,
      verify_token: verifyToken,
      graph_url: this.simulator.url,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.stop();
    this.#callback?.closeAllConnections();
    await new Promise((resolve) => this.#callback?.close(resolve));
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#take(Buffer.concat(chunks), (name) => String(request.headers[name]));
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#callback = server;
    this.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  }

  #take(body: Buffer, header: (name: string) => string): void {
    const { webhook } = this.factory;
    for (const part of webhook?.split(body) ?? []) {
      for (const [context, provider] of this.#live) {
        const { settings } = context;
        if (webhook === undefined || !webhook.accounts(settings).includes(part.account)) continue;
        if (!webhook.verify(settings, header, body)) {
          this.forged += 1;
          continue;
        }
        for (const event of webhook.decode(settings, part.body)) {
          provider.heard?.(event);
          context.emit(event);
        }
      }
    }
  }
}
