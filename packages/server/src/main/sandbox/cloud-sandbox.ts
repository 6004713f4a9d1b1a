import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { GraphControlServer, GraphSimulator } from '@blazz/simulator/graph';
import { notePorts, onFreePort, readPorts } from './sandbox-ports';

/** A customer that has written already, so that free texts may be sent. */
const sandboxCustomer = '4915112345678';

/** The businesses, the same after each start: the workspaces' settings name them. */
const businesses = {
  cloud: {
    name: 'Sandbox Shop',
    number: '15550001234',
    appId: '100000000000001',
    wabaId: '100000000000002',
    phoneNumberId: '100000000000003',
  },
  fallback: {
    name: 'Sandbox Shop with two doors',
    number: '15550005678',
    appId: '200000000000001',
    wabaId: '200000000000002',
    phoneNumberId: '200000000000003',
  },
} as const;

/** A business of the sandbox. */
export type SandboxBusiness = keyof typeof businesses;

/** The simulated Cloud API, with the sandbox's businesses on it. */
export class CloudSandbox {
  readonly #ports: string;
  #secrets = { appSecret: '', verifyToken: '', accessToken: '' };
  #running:
    | { readonly simulator: GraphSimulator; readonly control: GraphControlServer }
    | undefined;

  /** @param dataDir the server's data folder; ports and token are kept in it */
  constructor(dataDir: string) {
    this.#ports = join(dataDir, 'simulator', 'graph-ports.json');
  }

  /** The settings of `meta_api` for a business. Of use after {@link CloudSandbox.start}. */
  settings(of: SandboxBusiness): Readonly<Record<string, unknown>> {
    const business = businesses[of];
    const { appSecret, verifyToken, accessToken } = this.#secrets;
    return {
      graph_url: this.#running?.simulator.url ?? '',
      phone_number_id: business.phoneNumberId,
      waba_id: business.wabaId,
      access_token: `${accessToken}${of}`,
      app_secrets: [appSecret],
      verify_token: verifyToken,
    };
  }

  /** A command that writes to the first business as its customer. */
  get customerCommand(): string {
    const control = this.#running?.control;
    const business = businesses.cloud;
    return `curl -H 'authorization: Bearer ${control?.token}' -d '{"to":"${business.number}","content":{"type":"text","text":{"body":"hi"}}}' ${control?.url}/api/phones/${sandboxCustomer}/messages`;
  }

  /** Listens, where it did before if that can be had. */
  async start(): Promise<void> {
    const ports = await readPorts(this.#ports);
    const secret = (name: string): string =>
      createHmac('sha256', ports.token).update(name).digest('hex').slice(0, 32);
    this.#secrets = {
      appSecret: secret('app secret'),
      verifyToken: secret('verify token'),
      accessToken: `EAA${secret('access token')}`,
    };
    let simulator = new GraphSimulator();
    await onFreePort(ports.simulator, async (port) => {
      simulator = new GraphSimulator({ port });
      await simulator.start();
    });
    furnish(simulator, this.#secrets);
    const { token } = ports;
    let control = new GraphControlServer(simulator, { token });
    this.#running = { simulator, control };
    await onFreePort(ports.phone, async (port) => {
      control = new GraphControlServer(simulator, { port, token });
      await control.start();
    });
    this.#running = { simulator, control };
    const [listens, phone] = [simulator.url, control.url].map((url) => Number(new URL(url).port));
    await notePorts(this.#ports, { simulator: listens ?? 0, phone: phone ?? 0, token });
  }

  /**
   * Has the simulator post what happens to a business to an address, after its handshake.
   * @param url the address
   */
  async subscribe(of: SandboxBusiness, url: string): Promise<void> {
    await this.#running?.simulator.webhooks.subscribe(businesses[of].appId, url);
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await this.#running?.control.stop();
    await this.#running?.simulator.stop();
    this.#running = undefined;
  }
}

/** For each business: itself, two templates, and a customer who has just written. */
function furnish(
  simulator: GraphSimulator,
  secrets: {
    readonly appSecret: string;
    readonly verifyToken: string;
    readonly accessToken: string;
  },
): void {
  for (const [of, business] of Object.entries(businesses)) {
    const { wabaId, phoneNumberId } = business;
    const accessToken = `${secrets.accessToken}${of}`;
    simulator.addBusiness({ ...business, ...secrets, accessToken });
    simulator.addTemplate({ wabaId, name: 'hello_world' });
    simulator.addTemplate({
      wabaId,
      name: 'order_shipped',
      components: [{ type: 'BODY', text: 'Order {{1}} is on its way.' }],
    });
    simulator.addContact({ number: sandboxCustomer, name: 'Customer', wroteTo: [phoneNumberId] });
  }
}
