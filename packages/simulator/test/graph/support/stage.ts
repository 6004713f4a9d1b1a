import {
  type Business,
  GraphSimulator,
  type GraphSimulatorOptions,
} from '../../../src/graph/index';
import { CallbackServer } from './callback';

/** What a call of the Graph API gave. */
export interface Called {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly headers: Headers;
}

/** A simulator with one business and a callback that is subscribed. */
export class Stage implements AsyncDisposable {
  readonly simulator: GraphSimulator;
  readonly business: Business;
  readonly callback: CallbackServer;

  private constructor(simulator: GraphSimulator, business: Business, callback: CallbackServer) {
    this.simulator = simulator;
    this.business = business;
    this.callback = callback;
  }

  static async open(options: GraphSimulatorOptions = {}): Promise<Stage> {
    const simulator = new GraphSimulator(options);
    await simulator.start();
    const business = simulator.addBusiness({ name: 'Toko Budi', number: '15550001111' });
    const callback = await new CallbackServer(business.verifyToken).start();
    await simulator.webhooks.subscribe(business.appId, callback.url);
    return new Stage(simulator, business, callback);
  }

  /** Opens the window of a customer. */
  customer(number: string): string {
    this.simulator.addContact({ number, name: 'Ani', wroteTo: [this.business.phoneNumberId] });
    return number;
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    token: string = this.business.accessToken,
  ): Promise<Called> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.simulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const json = (await response.json()) as Record<string, unknown>;
    return { status: response.status, json, headers: response.headers };
  }

  send(message: Record<string, unknown>): Promise<Called> {
    const path = `/v25.0/${this.business.phoneNumberId}/messages`;
    return this.call('POST', path, { messaging_product: 'whatsapp', ...message });
  }

  text(to: string, body: string = 'Halo', more: Record<string, unknown> = {}): Promise<Called> {
    return this.send({ to, type: 'text', text: { body }, ...more });
  }

  async upload(bytes: Uint8Array, mimeType: string): Promise<Called> {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', mimeType);
    form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mimeType }), 'file');
    return this.call('POST', `/v25.0/${this.business.phoneNumberId}/media`, form);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.stop();
    await this.callback.stop();
  }
}

/** The id of the message that a send made. */
export const idOf = ({ json }: Called): string =>
  (json.messages as { id: string }[])[0]?.id as string;

/** The error of an answer. */
export const errorOf = ({ json }: Called): { code: number; [name: string]: unknown } =>
  json.error as { code: number };
