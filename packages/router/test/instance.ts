import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NonceStore } from '@blazz/core';
import {
  generateSecret,
  KeyRing,
  ReplayGuard,
  type VerificationReason,
  Verifier,
} from '@blazz/core/signing';

/** A nonce store in memory. */
function nonceTable(): NonceStore {
  const used = new Set<string>();
  const kept = Promise.resolve();
  return {
    use: (keyId, nonce) => {
      const name = `${keyId} ${nonce}`;
      const fresh = !used.has(name);
      used.add(name);
      return Promise.resolve({ fresh, kept });
    },
  };
}

/** A request as the instance got it. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** What the verifier says: the key's id, or why not. */
  readonly verdict: { readonly keyId: string } | { readonly reason: VerificationReason };
}

/** What to answer; `drop` cuts the connection, `hang` never answers. */
export type Reply =
  | 'drop'
  | 'hang'
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
      readonly text?: string;
    };

export const secret: string = generateSecret();

/** A real server on the loopback that verifies like an instance and answers as a test says. */
export class Instance implements AsyncDisposable {
  readonly arrived: Arrived[] = [];
  readonly verifier: Verifier;
  readonly server: Server;
  reply: (request: Arrived, count: number) => Reply = () => ({ body: { success: true, data: {} } });

  constructor() {
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.verifier = new Verifier({
      keys: new KeyRing([{ id: 'app', secret, scopes: [], workspaces: '*' }]),
      replayGuard: new ReplayGuard(nonceTable()),
    });
  }

  async start(port = 0): Promise<this> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: target = '', headers } = request;
    const body = Buffer.concat(chunks);
    const verification = await this.verifier.verify({
      method,
      rawTarget: target,
      authority: headers.host,
      headers: request.rawHeaders,
      body,
      now: Date.now(),
    });
    const verdict = verification.ok
      ? { keyId: verification.key.id }
      : { reason: verification.reason };
    const arrived = { method, target, headers, body: body.toString(), verdict };
    this.arrived.push(arrived);
    const reply = this.reply(arrived, this.arrived.length);
    if (reply === 'hang') return;
    if (reply === 'drop') {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      ...reply.headers,
    });
    response.end(reply.text ?? JSON.stringify(reply.body));
  }
}

/** A good answer's body. */
export const success = (data: unknown): { body: unknown } => ({ body: { success: true, data } });

/** A refusal. */
export const failure = (
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): Reply => ({ status, headers, body: { success: false, error: { message: 'No.', ...error } } });
