import type { Clock } from '../clock';
import type { EventDraft } from '../events/event';
import { newId } from '../ids';
import type { DeliveryStore, DisabledReason, WebhookEndpoint } from '../store/delivery-store';
import { deliveryLimits } from './delivery-schedule';

/** Since when an endpoint has been failing, and when that is enough. */
export class EndpointHealth {
  readonly #deliveries: DeliveryStore;
  readonly #clock: Clock;
  #endpoint: WebhookEndpoint;

  /**
   * @param endpoint as it is written down
   * @param deliveries where it is written down
   * @param clock time
   */
  constructor(endpoint: WebhookEndpoint, deliveries: DeliveryStore, clock: Clock) {
    this.#endpoint = endpoint;
    this.#deliveries = deliveries;
    this.#clock = clock;
  }

  /** It took an event. */
  async taken(): Promise<void> {
    const { failing_since, ...rest } = this.#endpoint;
    if (failing_since !== undefined) await this.#write(rest);
  }

  /**
   * It did not take one.
   * @param status what it answered; `undefined` when it did not
   * @returns why it is disabled from now on, if it is
   */
  async failed(status: number | undefined): Promise<DisabledReason | undefined> {
    if (this.#endpoint.status === 'disabled') return undefined;
    const now = this.#clock.now();
    const since = this.#endpoint.failing_since;
    if (status === 410) return this.#disable('gone');
    if (since === undefined) await this.#write({ ...this.#endpoint, failing_since: now });
    else if (now - since >= deliveryLimits.failingMs) return this.#disable('failing');
    return undefined;
  }

  async #disable(reason: DisabledReason): Promise<DisabledReason> {
    const now = this.#clock.now();
    const { endpoint_id } = this.#endpoint;
    const event = {
      id: newId('evt', now),
      type: 'endpoint.disabled',
      session_id: '',
      time: new Date(now).toISOString(),
      data: { endpoint_id, reason },
    } as const;
    await this.#write({ ...this.#endpoint, status: 'disabled', reason }, event);
    return reason;
  }

  async #write(endpoint: WebhookEndpoint, event?: EventDraft): Promise<void> {
    await this.#deliveries.saveEndpoint(endpoint, event);
    this.#endpoint = endpoint;
  }
}
