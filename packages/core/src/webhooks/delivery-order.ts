import type { Delivery, DeliveryStore, WebhookEndpoint } from '../store/delivery-store';

/**
 * What of an endpoint is in flight, and who has to wait for whom: where order is kept, an event waits
 * until those before it, of the same session, have been delivered or given up.
 */
export class DeliveryOrder {
  readonly #endpoint: WebhookEndpoint;
  readonly #deliveries: DeliveryStore;
  /** The ids of the events in flight, and the sessions that they belong to. */
  readonly #inFlight = new Map<string, string>();
  /** Sessions with waiting deliveries. */
  readonly #behind = new Set<string>();

  /**
   * @param endpoint whose order it is
   * @param deliveries what it has yet to take
   */
  constructor(endpoint: WebhookEndpoint, deliveries: DeliveryStore) {
    this.#endpoint = endpoint;
    this.#deliveries = deliveries;
  }

  /** Learns which sessions have waiting deliveries from before. */
  async start(): Promise<void> {
    for (const sessionId of await this.#waitingSessions()) this.#behind.add(sessionId);
  }

  /** How many are in flight. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** A delivery is being tried. */
  began({ event_id, session_id }: Delivery): void {
    this.#inFlight.set(event_id, session_id);
  }

  /** A try is over. */
  ended({ event_id }: Delivery): void {
    this.#inFlight.delete(event_id);
  }

  /** Whether a delivery may not be tried now: it is in flight, or order is kept and one before it is. */
  isHeld({ event_id, session_id }: Delivery): boolean {
    return this.#inFlight.has(event_id) || this.isBusy(session_id);
  }

  /** Whether order is kept and something of a session is in flight. */
  isBusy(sessionId: string): boolean {
    return this.#endpoint.ordered && [...this.#inFlight.values()].includes(sessionId);
  }

  /** Whether order is kept and something of a session waits for a further try. */
  isBehind(sessionId: string): boolean {
    return this.#endpoint.ordered && this.#behind.has(sessionId);
  }

  /** Something of a session waits for a further try. */
  fellBehind(sessionId: string): void {
    this.#behind.add(sessionId);
  }

  /** Something of a session has been dealt with: it is held up no longer once nothing of it waits. */
  async settle(sessionId: string): Promise<void> {
    if (!this.isBehind(sessionId)) return;
    if (!(await this.#waitingSessions()).includes(sessionId)) this.#behind.delete(sessionId);
  }

  #waitingSessions(): Promise<readonly string[]> {
    const { workspace_id, endpoint_id } = this.#endpoint;
    return this.#deliveries.waitingSessions(workspace_id, endpoint_id);
  }
}
