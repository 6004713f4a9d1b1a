import { GatewayError } from '@blazz/core';
import type { GraphServices } from '../endpoints/route';
import type { JsonObject } from '../messages/parse-message';
import type { Quality } from '../world/business-number';
import type { Template, TemplateCategory } from '../world/template';
import { known } from '../world/world';
import {
  echoValue,
  type HistoryMessage,
  historyValue,
  numberHead,
  preferenceValue,
  templateHead,
  templateStatusValue,
} from './account-values';
import type { WebhookConditions } from './conditions';
import { handshake } from './handshake';

/** Webhooks: who hears them, how they travel, and those that no message causes. */
export class WebhookControls {
  readonly #services: GraphServices;

  /**
   * @param services everything behind the endpoints
   * @internal
   */
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

  /** Changes the key of an app's signatures. @throws GatewayError `not_found` */
  setSecret(appId: string, secret: string): void {
    known(this.#services.context.world.apps, appId, 'app').secret = secret;
  }

  /** How webhooks travel from now on; what is left out stays. */
  setConditions(conditions: Partial<WebhookConditions>): void {
    const { queue } = this.#services.context;
    queue.conditions = { ...queue.conditions, ...conditions };
  }

  /** How many items and deliveries are on their way. */
  get pending(): number {
    return this.#services.context.queue.pending;
  }

  /** Resolves when nothing is on its way any more: delivered, or given up. */
  idle(): Promise<void> {
    return this.#services.context.queue.idle();
  }

  /** Sends any change of an account, in the words of the wire. @throws GatewayError `not_found` */
  send(wabaId: string, field: string, value: JsonObject): void {
    known(this.#services.context.world.accounts, wabaId, 'account');
    this.#services.context.queue.push({ wabaId, field, value });
  }

  /**
   * Delivers a body as it is, signed as an app signs: for what Meta would never send. Resolves when it
   * was delivered or given up.
   * @param secret another key, for a signature that does not hold
   * @throws GatewayError `not_found` for an app that is unknown or has no callback
   */
  raw(appId: string, body: string, secret?: string): Promise<void> {
    const app = known(this.#services.context.world.apps, appId, 'app');
    if (app.callbackUrl === undefined) {
      throw new GatewayError('not_found', 'This app has no callback: subscribe() one first.');
    }
    const signer = { ...app, secret: secret ?? app.secret };
    return this.#services.context.queue.deliverRaw(signer, app.callbackUrl, body);
  }

  /** Tells that a template's state changed: `event` is the new state, or `DELETED`, `FLAGGED` …. */
  templateStatus(
    template: Readonly<Template>,
    event: string,
    reason: string | null = 'NONE',
    more: JsonObject = {},
  ): void {
    this.send(template.wabaId, 'message_template_status_update', {
      ...templateStatusValue(template, event, reason),
      ...more,
    });
  }

  /** Tells that a template's quality changed. */
  templateQuality(template: Readonly<Template>, before: Quality, now: Quality): void {
    this.send(template.wabaId, 'message_template_quality_update', {
      previous_quality_score: before,
      new_quality_score: now,
      ...templateHead(template),
    });
  }

  /** Moves a template to another category and tells it. @throws GatewayError `not_found` */
  templateCategory(id: string, category: TemplateCategory): void {
    const template = known(this.#services.context.world.templates, id, 'template');
    const before = template.category;
    template.category = category;
    this.send(template.wabaId, 'template_category_update', {
      ...templateHead(template),
      previous_category: before,
      new_category: category,
    });
  }

  /**
   * Tells that a number's quality or limit changed: `FLAGGED`, `UNFLAGGED`, `UPGRADE`, `DOWNGRADE`,
   * `THROUGHPUT_UPGRADE`, which raises it to 1 000 messages per second.
   */
  qualityUpdate(number: string, event: string, currentLimit?: string): void {
    const found = this.#services.context.world.number(number);
    found.messagingLimit = currentLimit ?? found.messagingLimit;
    if (event === 'THROUGHPUT_UPGRADE') found.tier = 1000;
    if (event === 'FLAGGED') found.quality = 'RED';
    this.send(found.wabaId, 'phone_number_quality_update', {
      display_phone_number: found.number,
      event,
      current_limit: found.messagingLimit,
    });
  }

  /** Tells an alert about an account. */
  accountAlert(wabaId: string, type: string, severity: string = 'CRITICAL'): void {
    this.send(wabaId, 'account_alerts', {
      entity_type: 'WABA',
      entity_id: wabaId,
      alert_info: {
        alert_severity: severity,
        alert_status: 'ACTIVE',
        alert_type: type,
        alert_description: `Alert ${type}`,
      },
    });
  }

  /** Tells a change of an account: `DISABLED_UPDATE`, `ACCOUNT_RESTRICTION`, `ACCOUNT_VIOLATION` …. */
  accountUpdate(wabaId: string, event: string, more: JsonObject = {}): void {
    this.send(wabaId, 'account_update', { event, ...more });
  }

  /** A customer stops or resumes marketing messages, and it is told. */
  userPreference(number: string, customer: string, value: 'stop' | 'resume'): void {
    const { world, clock } = this.#services.context;
    const found = world.number(number);
    const contact = world.people.of(customer);
    contact.optedOut = value === 'stop';
    const told = preferenceValue(found, contact, value, clock.now());
    this.send(found.wabaId, 'user_preferences', told);
  }

  /**
   * The owner of a coexisting number writes in the Business app.
   * @returns the message's id
   */
  echo(number: string, to: string, content: JsonObject): string {
    const { world, ids, clock } = this.#services.context;
    const found = world.number(number);
    const id = ids.message(to);
    const value = echoValue(found, to, id, content, clock.now());
    this.send(found.wabaId, 'smb_message_echoes', value);
    return id;
  }

  /** A chat from before a number came to the Cloud API, as one chunk. */
  history(
    number: string,
    customer: string,
    messages: readonly HistoryMessage[],
    part: { readonly phase: number; readonly chunk_order: number; readonly progress: number } = {
      phase: 0,
      chunk_order: 1,
      progress: 100,
    },
  ): void {
    const { world, ids } = this.#services.context;
    const found = world.number(number);
    const named = messages.map((message) => ({ ...message, id: ids.message(customer) }));
    this.send(found.wabaId, 'history', historyValue(found, customer, named, part));
  }

  /** The contact book of a coexisting number changes. */
  contactSync(number: string, customer: string, name: string, action: 'add' | 'remove'): void {
    const { world, clock } = this.#services.context;
    const found = world.number(number);
    const timestamp = String(Math.floor(clock.now() / 1000));
    const contact = { full_name: name, first_name: name.split(' ')[0], phone_number: customer };
    this.send(found.wabaId, 'smb_app_state_sync', {
      ...numberHead(found),
      state_sync: [{ type: 'contact', contact, action, metadata: { timestamp } }],
    });
  }
}
