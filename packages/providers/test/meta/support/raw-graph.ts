import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a raw Graph does with a request once its bytes are there. */
export type Plan = (socket: Socket, request: string) => void;

/** An HTTP server of raw bytes, for what no HTTP library would ever answer. */
export class RawGraph {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly requests: string[] = [];
  plan: Plan;

  constructor(plan: Plan, onConnect?: (socket: Socket) => boolean) {
    this.plan = plan;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      if (onConnect?.(socket) === true) return;
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const whole = text;
        text = '';
        this.requests.push(whole);
        this.plan(socket, whole);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A whole answer. */
export function answer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Whatever\r\ncontent-type: application/json\r\n${lines.join('')}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Answers every request alike. */
export function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Plan {
  return (socket) => socket.write(answer(status, body, headers));
}
