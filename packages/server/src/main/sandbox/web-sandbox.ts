import { join } from 'node:path';
import { type Gateway, GatewayError } from '@blazz/core';
import { ControlServer, WebSimulator } from '@blazz/simulator/web';
import qrcode from 'qrcode';
import { notePorts, onFreePort, readPorts } from './sandbox-ports';

/** The simulated WhatsApp Web. */
export class WebSandbox {
  readonly #dataDir: string;
  readonly #print: (text: string) => void;
  #startedAt = '';
  #running: { readonly simulator: WebSimulator; readonly control: ControlServer } | undefined;

  /**
   * @param dataDir the server's data folder; accounts, messages and the certificate are kept in it
   * @param print writes to the terminal
   */
  constructor(dataDir: string, print: (text: string) => void) {
    this.#dataDir = join(dataDir, 'simulator');
    this.#print = print;
  }

  /** What leads a Chromium to the simulator instead of WhatsApp. */
  get browserArgs(): readonly string[] {
    return this.#parts().simulator.chromiumArgs();
  }

  /** The address of the simulated phone's page. */
  get phoneUrl(): string {
    return this.#parts().control.phoneUrl;
  }

  /** Listens, where it did before if that can be had. */
  async start(): Promise<void> {
    this.#startedAt = new Date().toISOString();
    const file = join(this.#dataDir, 'ports.json');
    const ports = await readPorts(file);
    let simulator = new WebSimulator();
    await onFreePort(ports.simulator, async (port) => {
      simulator = new WebSimulator({ dataDir: this.#dataDir, port });
      await simulator.start();
    });
    const { token } = ports;
    let control = new ControlServer(simulator, { token });
    this.#running = { simulator, control };
    await onFreePort(ports.phone, async (port) => {
      control = new ControlServer(simulator, { port, token });
      await control.start();
    });
    this.#running = { simulator, control };
    const phone = Number(new URL(control.url).port);
    await notePorts(file, { simulator: simulator.port, phone, token });
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await this.#running?.control.stop();
    await this.#running?.simulator.stop();
    this.#running = undefined;
  }

  /** Brings a workspace's session up, showing each QR on the terminal until it is linked. */
  async pair(gateway: Gateway, workspaceId: string, signal: AbortSignal): Promise<void> {
    const workspace = gateway.workspace(workspaceId);
    const session = await workspace.session();
    this.#print(`Starting a Chromium for ${session.id} …\n`);
    if (session.state === 'stopped') session.resume();
    for await (const event of workspace.follow({ after: 'oldest', signal })) {
      // The log outlives the process: a QR of an earlier run is of no use any more.
      if (event.time < this.#startedAt) continue;
      if (event.type === 'session.qr') await this.#show(event.data.qr);
      if (event.type !== 'session.state') continue;
      if (event.data.state === 'ready') this.#print(`\n${session.id} is linked and ready.\n`);
      if (event.data.error !== undefined) this.#print(`\n${event.data.error.message}\n`);
    }
  }

  async #show(text: string): Promise<void> {
    const picture = await qrcode.toString(text, {
      type: 'terminal',
      small: true,
      errorCorrectionLevel: 'L',
    });
    this.#print(
      `\n${picture}\nScan this QR with the simulated phone, or press its Scan button:\n  ${this.phoneUrl}\n`,
    );
  }

  #parts(): { readonly simulator: WebSimulator; readonly control: ControlServer } {
    if (this.#running !== undefined) return this.#running;
    throw new GatewayError('conflict', 'The sandbox is not running; start it first.');
  }
}
