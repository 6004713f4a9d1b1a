import type { ServerResponse } from 'node:http';

/** What of a simulator's events is streamed, and how it reads. */
export interface StreamedEvents {
  /** The events. */
  readonly names: readonly string[];
  /** What is told of one. */
  readonly show: (name: string, payload: object) => object;
}

/** Whatever has events, of whatever names. */
export interface EventSource {
  /** Adds a listener. */
  on(name: never, listener: never): unknown;
  /** Takes it away again. */
  off(name: never, listener: never): unknown;
}

/** A simulator's events as server-sent events. */
export class EventStream {
  readonly #simulator: EventSource;
  readonly #events: StreamedEvents;
  readonly #readers = new Set<ServerResponse>();
  readonly #listeners = new Map<string, (payload?: object) => void>();

  /**
   * @param simulator whose events they are
   * @param events which of them, and how they read
   */
  constructor(simulator: EventSource, events: StreamedEvents) {
    this.#simulator = simulator;
    this.#events = events;
  }

  /** Listens to the simulator. */
  start(): void {
    for (const name of this.#events.names) {
      const listener = (payload?: object): void => this.#tell(name, payload ?? {});
      this.#listeners.set(name, listener);
      this.#simulator.on(name as never, listener as never);
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
    for (const [name, listener] of this.#listeners) {
      this.#simulator.off(name as never, listener as never);
    }
    this.#listeners.clear();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #tell(name: string, payload: object): void {
    if (this.#readers.size === 0) return;
    const shown = this.#events.show(name, payload);
    const text = `event: ${name}\ndata: ${JSON.stringify(shown)}\n\n`;
    for (const reader of this.#readers) reader.write(text);
  }
}
