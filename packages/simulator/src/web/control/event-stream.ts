import type { ServerResponse } from 'node:http';
import type { WebSimulatorEvents } from '../events';
import type { ReadMessage } from '../network/content';
import type { WebSimulator } from '../web-simulator';
import { showMessage } from './representation';

/** The events that are streamed. */
const names: readonly (keyof WebSimulatorEvents)[] = [
  'qr',
  'qr_expired',
  'code',
  'paired',
  'connected',
  'synced',
  'disconnected',
  'logged_out',
  'state',
  'passkey',
  'dialog',
  'sent',
  'delivered',
  'acknowledged',
  'effect',
  'typing',
  'seen',
  'changed',
];

/** The simulator's events as server-sent events. */
export class EventStream {
  readonly #simulator: WebSimulator;
  readonly #readers = new Set<ServerResponse>();
  readonly #listeners = new Map<string, (payload?: object) => void>();

  /** @param simulator whose events they are */
  constructor(simulator: WebSimulator) {
    this.#simulator = simulator;
  }

  /** Listens to the simulator. */
  start(): void {
    for (const name of names) {
      const listener = (payload?: object): void => this.#tell(name, payload ?? {});
      this.#listeners.set(name, listener);
      this.#simulator.on(name, listener as never);
    }
  }

  /** Begins one reader's stream. */
  open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
  }

  /** Ends every stream. */
  stop(): void {
    for (const [name, listener] of this.#listeners)
      this.#simulator.off(name as never, listener as never);
    this.#listeners.clear();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #tell(name: string, payload: object): void {
    if (this.#readers.size === 0) return;
    const shown =
      'message' in payload
        ? { ...payload, message: showMessage(payload.message as ReadMessage) }
        : payload;
    const text = `event: ${name}\ndata: ${JSON.stringify(shown)}\n\n`;
    for (const reader of this.#readers) reader.write(text);
  }
}
