import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it arrived. */
export interface Delivered {
  readonly body: string;
  readonly signature: string;
}

/** A webhook callback over real HTTP that keeps what it gets. */
export class CallbackServer {
  readonly deliveries: Delivered[] = [];
  readonly #waiters: (() => void)[] = [];
  readonly #verifyToken: string;
  #server: Server | undefined;
  url = '';
  /** The statuses of the next deliveries; then 200. */
  statuses: number[] = [];

  constructor(verifyToken: string) {
    this.#verifyToken = verifyToken;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://callback');
      if (request.method === 'GET') {
        const good = url.searchParams.get('hub.verify_token') === this.#verifyToken;
        response.writeHead(good ? 200 : 403).end(url.searchParams.get('hub.challenge'));
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(this.statuses.shift() ?? 200).end();
        this.deliveries.push({
          body: Buffer.concat(chunks).toString(),
          signature: String(request.headers['x-hub-signature-256']),
        });
        for (const wake of this.#waiters.splice(0)) wake();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
    return this;
  }

  /** The values of every change that arrived. */
  get values(): Record<string, unknown>[] {
    return this.changes.map(({ value }) => value);
  }

  /** Every change that arrived, with its field. */
  get changes(): { field: string; value: Record<string, unknown> }[] {
    return this.deliveries.flatMap(({ body }) => {
      const { entry } = JSON.parse(body) as {
        entry: { changes: { field: string; value: Record<string, unknown> }[] }[];
      };
      return entry.flatMap(({ changes }) => changes);
    });
  }

  /** Every status that arrived. */
  get statusesReported(): { id: string; status: string; [name: string]: unknown }[] {
    return this.values.flatMap(
      (value) => (value.statuses ?? []) as { id: string; status: string }[],
    );
  }

  /** Every inbound message that arrived. */
  get messages(): { id: string; type: string; [name: string]: unknown }[] {
    return this.values.flatMap((value) => (value.messages ?? []) as { id: string; type: string }[]);
  }

  /** Resolves as soon as `done` holds; it is asked again at every delivery. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
