import type { EventQuery, GatewayEvent } from '@blazz/core';

/** Which events of a log a reader wants. */
export class EventFilter {
  /** The same in the store's words. */
  readonly query: Pick<EventQuery, 'types' | 'sessions'>;
  readonly #types: ReadonlySet<string> | undefined;
  readonly #sessions: ReadonlySet<string> | undefined;

  /** @param query what is wanted; what is left out, or `undefined`, excludes nothing */
  constructor({ types, sessions }: Pick<EventQuery, 'types' | 'sessions'>) {
    this.query = { types, sessions };
    this.#types = types && new Set(types);
    this.#sessions = sessions && new Set(sessions);
  }

  /** Whether everything passes. */
  get isOpen(): boolean {
    return this.#types === undefined && this.#sessions === undefined;
  }

  /** Whether an event is wanted. */
  passes({ type, session_id }: Pick<GatewayEvent, 'type' | 'session_id'>): boolean {
    return (this.#types?.has(type) ?? true) && (this.#sessions?.has(session_id) ?? true);
  }
}
