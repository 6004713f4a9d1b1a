import {
  type Account,
  type Attempt,
  type Clock,
  type DownloadedMedia,
  GatewayError,
  type Identity,
  type InboundMessage,
  type OutgoingMessage,
  type ProviderEvent,
} from '@blazz/core';
import { chatOf } from './addresses';
import type { ScriptedEffect } from './ledger';
import type { ReceiptTimes } from './send-script';
import type { SessionName } from './session-name';

/** What a mailbox needs. */
export interface MailboxContext {
  /** The session that the account is linked to. */
  readonly name: SessionName;
  /** The account's own identity. */
  readonly identity: Account;
  /** Time. */
  readonly clock: Clock;
  /** A new id of WhatsApp's. */
  readonly newId: () => string;
  /** Told of everything that WhatsApp took. */
  readonly onEffect: (effect: ScriptedEffect) => void;
  /** Tells the device. */
  readonly tell: (event: ProviderEvent) => void;
}

/** One account's messages and media. */
export class Mailbox {
  readonly #context: MailboxContext;
  readonly #chats = new Map<string, string>();
  readonly #media = new Map<string, DownloadedMedia>();

  /** @param context what the mailbox needs */
  constructor(context: MailboxContext) {
    this.#context = context;
  }

  /** The account's own identity. */
  get identity(): Account {
    return this.#context.identity;
  }

  /** Now, ISO 8601. */
  get timestamp(): string {
    return new Date(this.#context.clock.now()).toISOString();
  }

  /** Keeps a medium. @returns the id that it is downloaded by */
  keep(media: DownloadedMedia): string {
    const id = this.#context.newId();
    this.#media.set(id, media);
    return id;
  }

  /**
   * Finds a medium.
   * @throws GatewayError `media_unavailable`
   */
  media(id: string): DownloadedMedia {
    const media = this.#media.get(id);
    if (media !== undefined) return media;
    throw new GatewayError('media_unavailable', 'WhatsApp has no such media (any more).');
  }

  /**
   * The chat that a message stands in.
   * @throws Error when the account has no such message
   */
  chatOf(providerMessageId: string): string {
    const chat = this.#chats.get(providerMessageId);
    if (chat !== undefined) return chat;
    throw new Error('This account has no message with that id.');
  }

  /** Writes a message into a chat and tells the device. @returns WhatsApp's id */
  write(
    type: 'message.received' | 'message.echo',
    from: Identity,
    message: Partial<InboundMessage>,
  ): string {
    const chat_id = message.chat_id ?? chatOf(from.phone ?? from.lid ?? from.bsuid ?? '');
    const written: InboundMessage = {
      type: 'unsupported',
      provider_message_id: this.#context.newId(),
      from,
      chat_id,
      is_group: chat_id.endsWith('@g.us'),
      timestamp: this.timestamp,
      ...message,
    };
    this.#chats.set(written.provider_message_id, chat_id);
    this.#context.tell({ type, message: written });
    return written.provider_message_id;
  }

  /** WhatsApp takes a message of the device. @returns WhatsApp's id */
  take(
    message: OutgoingMessage,
    attempt: Attempt,
    options: { readonly receipts: ReceiptTimes; readonly echo: boolean },
  ): string {
    const { name, identity, clock, newId, onEffect } = this.#context;
    const { message_id, recipient, content, reply_to } = message;
    const provider_message_id = newId();
    const chat_id = 'chatId' in recipient ? recipient.chatId : chatOf(recipient.key);
    this.#chats.set(provider_message_id, chat_id);
    const answer = reply_to === undefined ? {} : { reply_to };
    const what = { message_id, provider_message_id, to: recipient.key, content, ...answer };
    onEffect({ ...name, ...what, attempt, at: clock.now() });
    if (options.echo && content.type === 'text') {
      const text = { body: content.text.body };
      const echo = { type: 'text', text, provider_message_id, chat_id } as const;
      this.write('message.echo', identity, echo);
    }
    const { deliveredMs, readMs } = options.receipts;
    this.#reportIn(deliveredMs, provider_message_id, 'delivered');
    this.#reportIn(readMs, provider_message_id, 'read');
    return provider_message_id;
  }

  /** WhatsApp reports how far a message is. */
  report(
    providerMessageId: string,
    status: Extract<ProviderEvent, { type: 'message.receipt' }>['status'],
    error?: GatewayError,
  ): void {
    this.#context.tell({
      type: 'message.receipt',
      provider_message_id: providerMessageId,
      status,
      at: this.#context.clock.now(),
      ...(error === undefined ? {} : { error }),
    });
  }

  #reportIn(ms: number | undefined, id: string, status: 'delivered' | 'read'): void {
    if (ms !== undefined) this.#context.clock.schedule(ms, () => this.report(id, status));
  }
}
