import { EventEmitter } from 'node:events';
import { GatewayError } from '@blazz/core';
import type { GraphServices } from './endpoints/route';
import type { GraphSimulatorEvents, Publish } from './events';
import type { FaultBoard } from './faults/fault-board';
import type { GraphEffect } from './ledger';
import type { GraphMedia } from './media/media-shelf';
import type { MessageStatus, SentMessage } from './messages/sent-message';
import type { GraphLimits, GraphSimulatorOptions, ReceiptMode } from './options';
import { CustomerPhone } from './phone/customer-phone';
import type { ReviewMode } from './templates/reviews';
import { WebhookControls } from './webhooks/webhook-controls';
import { wireGraph } from './wiring';
import type { AccessToken, AccessTokenSource, Permission } from './world/access-token';
import type { AppSource, GraphApp } from './world/app';
import { addBusiness, type Business, type BusinessSource } from './world/business';
import type { BusinessAccount, BusinessAccountSource } from './world/business-account';
import type {
  BusinessNumber,
  BusinessNumberChange,
  BusinessNumberSource,
} from './world/business-number';
import type { Contact, GraphContactSource } from './world/contact';
import type { Template, TemplateSource, TemplateStatus } from './world/template';
import { known } from './world/world';

/** Who and what there is, and what can be done to it: the part of the simulator that needs no server. */
export class GraphControls extends EventEmitter<GraphSimulatorEvents> {
  /**
   * Everything behind the endpoints.
   * @internal
   */
  protected readonly services: GraphServices;
  /** Webhooks: who hears them, how they travel, and those that no message causes. */
  readonly webhooks: WebhookControls;

  /**
   * @param options delays, limits, faults
   * @param origin where the Graph API is, once it listens
   */
  constructor(options: GraphSimulatorOptions, origin: () => string) {
    super();
    const publish: Publish = (name, ...payload) => {
      (this as EventEmitter).emit(name, ...payload);
    };
    this.services = wireGraph(options, publish, origin);
    this.webhooks = new WebhookControls(this.services);
  }

  /** What goes wrong. */
  get faults(): FaultBoard {
    return this.services.context.faults;
  }

  /** Every message that was accepted from businesses, in order. Count doubles here. */
  get effects(): readonly GraphEffect[] {
    return this.services.context.ledger.all;
  }

  /** Every message that was accepted, with how far it got. */
  get messages(): readonly SentMessage[] {
    return this.services.receipts.all;
  }

  /** Adds an app, an account, a number and a token that belong together: all that a client needs. */
  addBusiness(source: BusinessSource = {}): Business {
    return addBusiness(this.services.context.world, source);
  }

  /** Adds an app. */
  addApp(source: AppSource = {}): Readonly<GraphApp> {
    return this.services.context.world.addApp(source);
  }

  /** Adds an account. @throws GatewayError `not_found` when an app of it is unknown */
  addAccount(source: BusinessAccountSource = {}): Readonly<BusinessAccount> {
    return this.services.context.world.addAccount(source);
  }

  /** Adds a business number. @throws GatewayError `not_found` when its account is unknown */
  addNumber(source: BusinessNumberSource): Readonly<BusinessNumber> {
    return this.services.context.world.addNumber(source);
  }

  /** Changes a business number, by id or digits. @throws GatewayError `not_found` */
  changeNumber(idOrDigits: string, change: BusinessNumberChange): Readonly<BusinessNumber> {
    const number = this.services.context.world.number(idOrDigits);
    number.registered = change.registered ?? number.registered;
    number.tier = change.tier ?? number.tier;
    number.quality = change.quality ?? number.quality;
    number.verified = change.verified ?? number.verified;
    if (change.pin !== undefined) number.pin = change.pin ?? undefined;
    if (change.trouble !== undefined) number.trouble = change.trouble ?? undefined;
    return number;
  }

  /** A business number, by id or digits. @throws GatewayError `not_found` */
  number(idOrDigits: string): Readonly<BusinessNumber> {
    return this.services.context.world.number(idOrDigits);
  }

  /** Adds a token. @throws GatewayError `not_found` when its app is unknown */
  addToken(source: AccessTokenSource): Readonly<AccessToken> {
    return this.services.context.world.addToken(source);
  }

  /** Lets a token expire now: 190 with subcode 463. @throws GatewayError `not_found` */
  expireToken(token: string): void {
    const found = known(this.services.context.world.tokens, token, 'token');
    found.expiresAt = this.services.context.clock.now();
  }

  /** Takes a token back: 190 with subcode 467. @throws GatewayError `not_found` */
  revokeToken(token: string): void {
    known(this.services.context.world.tokens, token, 'token').revoked = true;
  }

  /** Changes what a token allows: 10 where something is missing. @throws GatewayError `not_found` */
  setPermissions(token: string, permissions: readonly Permission[]): void {
    const found = known(this.services.context.world.tokens, token, 'token');
    found.permissions = new Set(permissions);
  }

  /** Adds a template. @throws GatewayError `not_found` when its account is unknown */
  addTemplate(source: TemplateSource): Readonly<Template> {
    return this.services.context.world.addTemplate(source);
  }

  /** The templates of an account. */
  templates(wabaId: string): readonly Readonly<Template>[] {
    return this.services.context.world.templatesOf(wabaId);
  }

  /**
   * Changes a template's state and tells the webhook `message_template_status_update`.
   * @throws GatewayError `not_found`
   */
  setTemplateStatus(id: string, status: TemplateStatus, reason: string = 'NONE'): void {
    const template = known(this.services.context.world.templates, id, 'template');
    template.status = status;
    this.webhooks.templateStatus(template, status, reason);
  }

  /** Adds a customer, or describes one anew. */
  addContact(source: GraphContactSource): Readonly<Contact> {
    const { world, clock } = this.services.context;
    for (const id of source.wroteTo ?? []) known(world.numbers, id, 'business number');
    return world.people.add(source, clock.now());
  }

  /** A customer's phone, by number; everybody has one. */
  phone(number: string): CustomerPhone {
    if (number.replace(/\D/g, '') === '') {
      throw new GatewayError('invalid_recipient', 'A phone is named by the digits of its number.');
    }
    const { context, receipts } = this.services;
    return new CustomerPhone(context, receipts, context.world.people.of(number));
  }

  /** Moves a message to a status now and tells its webhook. @throws GatewayError `not_found` */
  setStatus(messageId: string, status: MessageStatus): void {
    this.services.receipts.move(messageId, status);
  }

  /** How far messages get by themselves from now on. */
  setReceipts(mode: ReceiptMode): void {
    this.services.context.switches.receipts = mode;
  }

  /** How a recipient that cannot be reached is told from now on. */
  setRefusals(mode: 'status' | 'answer'): void {
    this.services.context.switches.refusals = mode;
  }

  /** How templates are judged from now on. */
  setReviews(mode: ReviewMode): void {
    this.services.context.reviews.mode = mode;
  }

  /** Switches limits on or off from now on; what is left out stays. */
  setLimits(limits: Partial<GraphLimits>): void {
    const { limiter } = this.services.context;
    limiter.limits = { ...limiter.limits, ...limits };
  }

  /** The bytes of a medium, by its id, while it lives. */
  media(id: string): GraphMedia | undefined {
    return this.services.context.shelf.get(id);
  }
}
