import type { ServerResponse } from 'node:http';
import type { GraphSimulatorEvents } from '../events';
import type { GraphSimulator } from '../graph-simulator';
import type { SentMessage } from '../messages/sent-message';
import { showMessage } from './representation';

/** The events that are streamed. */
const names: readonly (keyof GraphSimulatorEvents)[] = [
  'request',
  'effect',
  'received',
  'status',
  'read',
  'typing',
  'webhook',
  'webhook_given_up',
];

/** The simulator's events as server-sent events. */
export class GraphEventStream {
  readonly #simulator: GraphSimulator;
  readonly #readers = new Set<ServerResponse>();
  readonly #listeners = new Map<string, (payload: object) => void>();

  /** @param simulator whose events they are */
  constructor(simulator: GraphSimulator) {
    this.#simulator = simulator;
  }

  /** Listens to the simulator. */
  start(): void {
    for (const name of names) {
      const listener = (payload: object): void => this.#tell(name, payload);
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
    const shown = name === 'received' ? showMessage(payload as SentMessage) : payload;
    const text = `event: ${name}\ndata: ${JSON.stringify(shown)}\n\n`;
    for (const reader of this.#readers) reader.write(text);
  }
}
