import type { ProviderEvent } from '@blazz/core';
import type { Connection, StartStep } from './connection';

/** What stands between an account and the providers that are connected to it. */
export class Line {
  /** Whether a device is linked: the session's credentials. They outlive every provider. */
  linked = false;
  readonly #connections = new Set<Connection>();
  readonly #starts: StartStep[] = [];
  readonly #onOverlap: () => void;
  #missed: ProviderEvent[] = [];

  /** @param onOverlap told when a second provider connects */
  constructor(onOverlap: () => void) {
    this.#onOverlap = onOverlap;
  }

  /** The providers that are connected now. */
  get connections(): readonly Connection[] {
    return [...this.#connections];
  }

  /** A provider connects. */
  attach(connection: Connection): void {
    if (this.#connections.size > 0) this.#onOverlap();
    this.#connections.add(connection);
  }

  /** A provider is gone. */
  detach(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** Says how the next starts go. */
  plan(steps: readonly StartStep[]): void {
    this.#starts.push(...steps);
  }

  /** What the next start has in store; `undefined`: it succeeds. */
  takeStart(): StartStep | undefined {
    return this.#starts.shift();
  }

  /** Tells the provider that is ready; while there is none, it waits for one. */
  tell(event: ProviderEvent): void {
    const ready = this.connections.find((connection) => connection.isReady);
    if (ready !== undefined) return ready.tell(event);
    const isMessage = event.type === 'message.received' || event.type === 'message.echo';
    this.#missed.push(
      isMessage ? { ...event, message: { ...event.message, caught_up: true } } : event,
    );
  }

  /** A provider is ready: it hears what was missed. */
  catchUp(): void {
    const missed = this.#missed;
    this.#missed = [];
    for (const event of missed) this.tell(event);
  }
}
