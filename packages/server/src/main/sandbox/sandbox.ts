import { type Gateway, type Logger, staticWorkspaces, type WorkspaceSource } from '@blazz/core';
import { CloudSandbox } from './cloud-sandbox';
import { WebSandbox } from './web-sandbox';

/** The workspaces that the sandbox brings along, one for each way to reach WhatsApp. */
export const sandboxWorkspaces = {
  web: 'sandbox',
  cloud: 'sandbox_cloud',
  fallback: 'sandbox_fallback',
} as const;

/** Simulated WhatsApp, both of its doors, for trying the gateway out without a phone or an account. */
export class Sandbox {
  readonly #web: WebSandbox;
  readonly #cloud: CloudSandbox;
  #workspaces: WorkspaceSource = staticWorkspaces([]);

  /**
   * @param dataDir the server's data folder; accounts, messages and the certificate are kept in it
   * @param print writes to the terminal
   */
  constructor(dataDir: string, print: (text: string) => void) {
    this.#web = new WebSandbox(dataDir, print);
    this.#cloud = new CloudSandbox(dataDir);
  }

  /** The sandbox's workspaces. None before {@link Sandbox.start}. */
  get workspaces(): WorkspaceSource {
    return this.#workspaces;
  }

  /** What leads a Chromium to the simulator instead of WhatsApp. */
  get browserArgs(): readonly string[] {
    return this.#web.browserArgs;
  }

  /** The address of the simulated phone's page. */
  get phoneUrl(): string {
    return this.#web.phoneUrl;
  }

  /** A command that writes to the Cloud API's business as its customer. */
  get customerCommand(): string {
    return this.#cloud.customerCommand;
  }

  /** Listens. */
  async start(): Promise<void> {
    await this.#web.start();
    await this.#cloud.start();
    const { web, cloud, fallback } = sandboxWorkspaces;
    const settings = this.#cloud.settings('cloud');
    const members = [
      { provider: 'meta_api', settings: this.#cloud.settings('fallback') },
      { provider: 'web_js' },
    ];
    this.#workspaces = staticWorkspaces([
      { workspace_id: web, provider_type: 'web_js' },
      { workspace_id: cloud, provider_type: 'meta_api', settings, providers: { web_js: {} } },
      { workspace_id: fallback, provider_type: 'fallback', settings: { members } },
    ]);
  }

  /**
   * Has the simulated Meta post to the server, and brings the web session up, showing each QR on the
   * terminal until it is linked.
   * @param serverUrl where the server listens
   */
  async open(
    serverUrl: string,
    gateway: Gateway,
    logger: Logger,
    signal: AbortSignal,
  ): Promise<void> {
    for (const of of ['cloud', 'fallback'] as const) {
      const address = `${serverUrl}/webhook/whatsapp/${sandboxWorkspaces[of]}`;
      await this.#cloud.subscribe(of, address).catch((error: unknown) => {
        logger.error('the sandbox could not subscribe to its webhooks', { error });
      });
    }
    await this.#web.pair(gateway, sandboxWorkspaces.web, signal);
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await this.#cloud.stop();
    await this.#web.stop();
  }
}
