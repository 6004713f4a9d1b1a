import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Clock,
  Gateway,
  type ProviderFactory,
  systemClock,
  type WorkspaceConfig,
} from '@blazz/core';
import { generateSecret, KeyRing } from '@blazz/core/signing';
import { type MetaOptions, metaProvider } from '@blazz/providers/meta';
import { createServer, type GatewayServer } from '@blazz/server';
import {
  type Business,
  type BusinessSource,
  GraphSimulator,
  type GraphSimulatorOptions,
} from '@blazz/simulator/graph';
import { sqliteStore } from '@blazz/storage/sqlite';

/** What a gateway on the Cloud API is made of. */
export interface CloudOptions {
  /** How the simulated Graph API behaves. */
  readonly graph?: GraphSimulatorOptions;
  /** How the Cloud API provider behaves. */
  readonly meta?: MetaOptions;
  /** Other ways to reach WhatsApp. Default: none. */
  readonly others?: readonly ProviderFactory[];
  /** Time, for the gateway and for the Graph API. Default: the machine's. */
  readonly clock?: Clock;
}

/** A gateway over SQLite, its server, and the simulated Graph API that posts its webhooks there. */
export class Cloud implements AsyncDisposable {
  /** The simulated Graph API. */
  readonly graph: GraphSimulator;
  /** The gateway. */
  readonly gateway: Gateway;
  readonly #server: GatewayServer;
  readonly #folder: string;

  private constructor(folder: string, options: CloudOptions) {
    const { graph, meta, others = [], clock = systemClock } = options;
    this.#folder = folder;
    this.graph = new GraphSimulator({ clock, ...graph });
    this.gateway = new Gateway({
      store: sqliteStore({ path: join(folder, 'blazz.db') }),
      providers: [metaProvider(meta) as ProviderFactory, ...others],
      retention: { eventsPerWorkspace: 10_000_000 },
      clock,
    });
    const keys = new KeyRing([
      { id: 'soak', secret: generateSecret(), scopes: [], workspaces: '*' },
    ]);
    this.#server = createServer({ gateway: this.gateway, keys, port: 0 });
  }

  /** Starts all three. */
  static async open(options: CloudOptions = {}): Promise<Cloud> {
    const folder = await mkdtemp(join(tmpdir(), 'blazz-cloud-'));
    const cloud = new Cloud(folder, options);
    await cloud.graph.start();
    await cloud.gateway.start();
    await cloud.#server.start();
    return cloud;
  }

  /** Where the server is. */
  get origin(): string {
    return this.#server.address ?? '';
  }

  /** Adds a business whose webhooks come to a workspace. */
  business(workspaceId: string, source: BusinessSource = {}): Business {
    const callbackUrl = `${this.origin}/webhook/whatsapp/${workspaceId}`;
    return this.graph.addBusiness({ callbackUrl, ...source });
  }

  /** What a session of a business sets. */
  settings(business: Business, throughput: 80 | 1000 = 1000): Readonly<Record<string, unknown>> {
    const { phoneNumberId, wabaId, accessToken, appSecret, verifyToken } = business;
    return {
      phone_number_id: phoneNumberId,
      waba_id: wabaId,
      access_token: accessToken,
      app_secret: appSecret,
      verify_token: verifyToken,
      graph_url: this.graph.url,
      throughput,
    };
  }

  /** Configures a workspace, and starts its sessions. */
  async configure(config: Partial<WorkspaceConfig> & { workspace_id: string }): Promise<void> {
    await this.gateway.configure(config);
    const sessions = await this.gateway.workspace(config.workspace_id).sessions();
    await Promise.all(sessions.map((session) => session.start()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.drain();
    await this.gateway.stop();
    await this.#server.stop();
    await this.graph.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
