import { GatewayError } from '@blazz/core';
import type { GraphServices } from '../endpoints/route';
import type { JsonObject } from '../messages/parse-message';
import type { Template } from '../world/template';
import { known } from '../world/world';
import { templateStatusValue } from './account-values';
import type { WebhookConditions } from './conditions';
import { handshake } from './handshake';

/** Webhooks: who hears them, how they travel, and those that no message causes. */
export class WebhookControls {
  readonly #services: GraphServices;

  /** @param services everything behind the endpoints */
  constructor(services: GraphServices) {
    this.#services = services;
  }

  /**
   * Makes an address the callback of an app, after Meta's handshake.
   * @throws GatewayError `not_found` for an unknown app, `rejected` when the handshake fails
   */
  async subscribe(appId: string, callbackUrl: string, verifyToken?: string): Promise<void> {
    const { context, callbacks } = this.#services;
    const app = known(context.world.apps, appId, 'app');
    const token = verifyToken ?? app.verifyToken;
    const wrong = await handshake(callbacks, context.ids, callbackUrl, token);
    if (wrong !== undefined) throw new GatewayError('rejected', wrong);
    app.verifyToken = token;
    app.callbackUrl = callbackUrl;
  }

  /** How webhooks travel from now on; what is left out stays. */
  setConditions(conditions: Partial<WebhookConditions>): void {
    const { queue } = this.#services.context;
    queue.conditions = { ...queue.conditions, ...conditions };
  }

  /** Resolves when nothing is on its way any more: delivered, or given up. */
  idle(): Promise<void> {
    return this.#services.context.queue.idle();
  }

  /** Sends any change of an account, in the words of the wire. */
  send(wabaId: string, field: string, value: JsonObject): void {
    known(this.#services.context.world.accounts, wabaId, 'account');
    this.#services.context.queue.push({ wabaId, field, value });
  }

  /** Tells that a template's state changed. */
  templateStatus(template: Readonly<Template>, event: string, reason: string = 'NONE'): void {
    const value = templateStatusValue(template, event, reason);
    this.send(template.wabaId, 'message_template_status_update', value);
  }
}
