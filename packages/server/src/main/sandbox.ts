import { join } from 'node:path';
import { type Gateway, type Session, staticWorkspaces, type WorkspaceSource } from '@blazz/core';
import { WebSimulator } from '@blazz/simulator/web';
import qrcode from 'qrcode';

/** The workspace that the sandbox brings along. */
export const sandboxWorkspace = 'sandbox';

/** The simulated WhatsApp and its one workspace, for trying the gateway out without a phone. */
export class Sandbox {
  readonly #simulator: WebSimulator;
  readonly #print: (text: string) => void;

  /**
   * @param dataDir the server's data folder; accounts, messages and the certificate are kept in it
   * @param print writes to the terminal
   */
  constructor(dataDir: string, print: (text: string) => void) {
    this.#simulator = new WebSimulator({ dataDir: join(dataDir, 'simulator') });
    this.#print = print;
  }

  /** The sandbox's workspace. */
  readonly workspaces: WorkspaceSource = staticWorkspaces([
    { workspace_id: sandboxWorkspace, provider_type: 'web_js' },
  ]);

  /** What leads a Chromium to the simulator instead of WhatsApp. */
  get browserArgs(): readonly string[] {
    return this.#simulator.chromiumArgs();
  }

  /** Listens. */
  async start(): Promise<void> {
    await this.#simulator.start();
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await this.#simulator.stop();
  }

  /** Brings the session up, showing each QR on the terminal until it is linked. */
  async pair(gateway: Gateway, signal: AbortSignal): Promise<void> {
    const workspace = gateway.workspace(sandboxWorkspace);
    const session = await workspace.session();
    if (session.state === 'stopped') {
      this.#print('Starting a Chromium to link the sandbox session …\n');
      session.resume();
    }
    for await (const event of workspace.follow({ after: 'oldest', signal })) {
      if (event.type === 'session.qr') await this.#show(session, event.data.qr);
      if (event.type === 'session.state' && event.data.state === 'ready') {
        this.#print(`\nThe session ${session.id} is linked and ready.\n`);
      }
    }
  }

  async #show(session: Session, text: string): Promise<void> {
    const picture = await qrcode.toString(text, { type: 'terminal', small: true });
    this.#print(`\n${picture}\nScan this QR to link ${session.id}.\n`);
  }
}
