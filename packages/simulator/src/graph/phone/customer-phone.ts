import type { GraphContext } from '../graph-context';
import type { JsonObject } from '../messages/parse-message';
import type { Receipts } from '../messages/receipts';
import { type SentMessage, statusOf } from '../messages/sent-message';
import { messageValue, systemValue } from '../webhooks/values';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import { type CustomerMedia, mediaContent } from './customer-media';

/** What a customer's message can have besides its content. */
export interface CustomerMessageOptions {
  /** Its id. Default: a new one. Sending the same id again is a duplicate, as Meta may deliver one. */
  readonly id?: string;
  /** When it was written, in milliseconds since 1970. Default: now. */
  readonly time?: number;
  /** The business's message that it answers. */
  readonly replyTo?: string;
  /** Whether it was forwarded. */
  readonly forwarded?: boolean;
  /** The advertisement that it came from; names as on the wire. */
  readonly referral?: JsonObject;
}

/** A customer's phone: what it got, and what its owner does. Businesses are named by id or digits. */
export class CustomerPhone {
  readonly #context: GraphContext;
  readonly #receipts: Receipts;
  readonly #contact: Contact;

  /**
   * @param context everything else
   * @param receipts what becomes of messages to this phone
   * @param contact the owner
   * @internal
   */
  constructor(context: GraphContext, receipts: Receipts, contact: Contact) {
    this.#context = context;
    this.#receipts = receipts;
    this.#contact = contact;
  }

  /** The owner. */
  get contact(): Readonly<Contact> {
    return this.#contact;
  }

  /** The messages that reached it, in order. */
  get messages(): readonly SentMessage[] {
    const arrived = ['delivered', 'read', 'played'];
    return this.#receipts.all.filter(
      (one) => one.to === this.#contact && arrived.includes(statusOf(one)),
    );
  }

  /** Writes a text. @returns the message's id */
  text(to: string, body: string, options: CustomerMessageOptions = {}): string {
    return this.send(to, { type: 'text', text: { body } }, options);
  }

  /** Sends a picture, film, sound, document or sticker. @returns the message's id */
  media(to: string, media: CustomerMedia, options: CustomerMessageOptions = {}): string {
    const number = this.#context.world.number(to);
    return this.send(to, mediaContent(this.#context, number, media), options);
  }

  /** Reacts to a message; an empty emoji takes the reaction back. @returns the reaction's id */
  react(messageId: string, emoji: string, to: string = this.#senderOf(messageId)): string {
    const reaction = { message_id: messageId, ...(emoji === '' ? {} : { emoji }) };
    return this.send(to, { type: 'reaction', reaction });
  }

  /**
   * Presses a quick-reply button of a template.
   * @param payload what the business put behind it
   */
  pressButton(messageId: string, label: string, payload: string = label): string {
    const button = { payload, text: label };
    return this.send(this.#senderOf(messageId), { type: 'button', button }, { replyTo: messageId });
  }

  /** Presses a reply button of an interactive message. */
  pressReply(messageId: string, id: string, title: string): string {
    const interactive = { type: 'button_reply', button_reply: { id, title } };
    return this.send(
      this.#senderOf(messageId),
      { type: 'interactive', interactive },
      { replyTo: messageId },
    );
  }

  /** Picks a row of a list. */
  pickRow(messageId: string, id: string, title: string, description?: string): string {
    const list_reply = { id, title, ...(description === undefined ? {} : { description }) };
    const interactive = { type: 'list_reply', list_reply };
    return this.send(
      this.#senderOf(messageId),
      { type: 'interactive', interactive },
      { replyTo: messageId },
    );
  }

  /**
   * Sends anything, in the words of the wire: `{type: 'location', location: {…}}`.
   * @returns the message's id
   */
  send(to: string, content: JsonObject, options: CustomerMessageOptions = {}): string {
    const { world, ids, queue, clock, switches } = this.#context;
    const number = world.number(to);
    const id = options.id ?? ids.message(this.#contact.number);
    const time = options.time ?? clock.now();
    this.#contact.wroteAt.set(number.id, clock.now());
    if (number.blocked.has(this.#contact.number)) return id;
    const value = messageValue(
      number,
      this.#contact,
      {
        id,
        timestamp: String(Math.floor(time / 1000)),
        ...contextOf(number, options),
        ...(options.referral === undefined ? {} : { referral: options.referral }),
        ...content,
      },
      switches.userIds,
    );
    queue.push({ wabaId: number.wabaId, field: 'messages', value });
    return id;
  }

  /** Reads a message of a business: its status becomes `read`. */
  read(messageId: string): void {
    this.#receipts.move(messageId, 'read');
  }

  /** Plays a voice message: its status becomes `played`. */
  play(messageId: string): void {
    this.#receipts.move(messageId, 'played');
  }

  /** Moves to another number and tells the businesses that the owner wrote to. */
  changeNumber(newNumber: string): void {
    const { world, ids, queue, clock } = this.#context;
    const old = this.#contact.number;
    world.people.move(this.#contact, newNumber);
    for (const numberId of this.#contact.wroteAt.keys()) {
      const number = world.number(numberId);
      const wa_id = this.#contact.number;
      const body = `User ${this.#contact.name} changed from ${old} to ${wa_id}`;
      const value = systemValue(number, old, {
        id: ids.message(old),
        timestamp: String(Math.floor(clock.now() / 1000)),
        type: 'system',
        system: { body, wa_id, type: 'user_changed_number' },
      });
      queue.push({ wabaId: number.wabaId, field: 'messages', value });
    }
  }

  /** Blocks a business: its messages fail with 131026. */
  block(business: string): void {
    this.#contact.blocks.add(this.#context.world.number(business).id);
  }

  /** Lets a business through again. */
  unblock(business: string): void {
    this.#contact.blocks.delete(this.#context.world.number(business).id);
  }

  /** Loses the network: messages stay at `sent`. */
  goOffline(): void {
    this.#contact.online = false;
  }

  /** Is back on the network: what waited is delivered. */
  goOnline(): void {
    this.#contact.online = true;
    this.#receipts.online(this.#contact);
  }

  #senderOf(messageId: string): string {
    return this.#context.ledger.get(messageId)?.phoneNumberId ?? '';
  }
}

function contextOf(number: BusinessNumber, options: CustomerMessageOptions): JsonObject {
  const { replyTo, forwarded } = options;
  if (replyTo === undefined && forwarded !== true) return {};
  return {
    context: {
      ...(replyTo === undefined ? {} : { from: number.number, id: replyTo }),
      ...(forwarded === true ? { forwarded: true } : {}),
    },
  };
}
