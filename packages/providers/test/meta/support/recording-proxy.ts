import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest } from '../../../../simulator/test/graph/conformance/held-request';

/** A request that passed through, and what it was answered. */
export interface Passed extends WireRequest {
  /** The answer's HTTP status. */
  readonly status: number;
}

/**
 * Stands before the simulated Graph, hands every request on as it came, and keeps what it saw.
 * Addresses in answers lead through it too.
 */
export class RecordingProxy implements AsyncDisposable {
  /** What passed, in order of the answers. */
  readonly passed: Passed[] = [];
  readonly #server: Server;

  /** @param target the origin of what stands behind it */
  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      const onward = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
        const { statusCode: status = 0 } = answer;
        const body = Buffer.concat(chunks);
        const plain = headers as Readonly<Record<string, string | undefined>>;
        this.passed.push({ method, target: url, headers: plain, body, status });
        this.#answer(answer, response, target);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
  }

  /** Listens, and tells the address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.#url;
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(answer: IncomingMessage, response: ServerResponse, target: string): void {
    const { 'content-length': _, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 0, headers);
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const isJson = String(headers['content-type']).startsWith('application/json');
      // JSON writes slashes with or without a backslash before them.
      const escaped = (text: string): string => text.replaceAll('/', '\\/');
      const text = (): string =>
        bytes
          .toString('utf8')
          .replaceAll(target, this.#url)
          .replaceAll(escaped(target), escaped(this.#url));
      response.end(isJson ? text() : bytes);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
