import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Fault, Moment } from './table';

/** What an upstream answers. */
export interface Protocol {
  /** The answer to a send, from its body. */
  readonly sent: (body: Readonly<Record<string, unknown>>) => object;
  /** The answer to any other request; without it every request is a send. */
  readonly other?: object;
}

const http = (json: object): string => {
  const body = JSON.stringify(json);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};
const garbage = Buffer.from('\u0000\u0001 no HTTP at all \u0002\r\n\r\n');

/**
 * An upstream of raw bytes. What has arrived whole took effect; the first send meets a fault, and
 * those after it are answered.
 */
export class FaultyUpstream {
  readonly #moment: Moment;
  readonly #fault: Fault;
  readonly #protocol: Protocol;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #struck = false;
  #isArmed = false;
  #onStrike: (() => void) | undefined;
  /** How many messages took effect. */
  effects = 0;

  /**
   * @param moment where the first send meets its fault
   * @param fault which
   * @param protocol what is answered
   */
  constructor(moment: Moment, fault: Fault, protocol: Protocol) {
    this.#moment = moment;
    this.#fault = fault;
    this.#protocol = protocol;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Resolves when the fault strikes. */
  readonly struck: Promise<void> = new Promise((resolve) => {
    this.#onStrike = resolve;
  });

  /** Whether the fault is still to come. */
  get isFaulty(): boolean {
    return this.#isArmed && !this.#struck;
  }

  /** From now on the fault may strike: what was done to get ready is over. */
  arm(): void {
    this.#isArmed = true;
  }

  /** Listens. @returns the port */
  start(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () =>
        resolve((this.#server.address() as AddressInfo).port),
      );
    });
  }

  /** Ends every connection. */
  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** The fault has struck: what comes next is answered. */
  strike(): void {
    this.#struck = true;
    this.#onStrike?.();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    const isFaulty = this.isFaulty;
    if (isFaulty && this.#moment === 'after_connect') return this.#strike(socket);
    let text = '';
    let isOver = false;
    socket.on('data', (chunk) => {
      if (isOver) return;
      text += chunk.toString('latin1');
      const [head = '', body] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (isFaulty && this.#moment === 'mid_request' && text.length > 40) {
        isOver = true;
        return this.#strike(socket);
      }
      if (body === undefined || body.length < length) return;
      isOver = true;
      const { sent, other } = this.#protocol;
      if (other !== undefined && head.startsWith('GET')) return void socket.end(http(other));
      this.effects++;
      const whole = http(sent(JSON.parse(body) as Record<string, unknown>));
      if (!isFaulty) return void socket.end(whole);
      if (this.#moment === 'after_request') return this.#strike(socket);
      const written = this.#moment === 'mid_response' ? whole.slice(0, -12) : whole;
      socket.write(written, () => this.#strike(socket));
    });
  }

  #strike(socket: Socket): void {
    this.strike();
    if (this.#fault === 'reset') {
      // Bytes that were written go out first; whether they are read is the client's luck otherwise.
      setTimeout(() => socket.resetAndDestroy(), this.#moment === 'after_answer' ? 20 : 0);
    }
    if (this.#fault === 'garbage') socket.end(garbage);
    // A time-out and a crash: nothing comes any more.
  }
}
