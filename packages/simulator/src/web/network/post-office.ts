import { randomBytes } from 'node:crypto';
import { GatewayError } from '@blazz/core';
import type { Account, AccountPage } from '../accounts/account';
import type { ChatBox } from '../accounts/mailbox';
import { type Address, bareId, toAddress, toJid } from '../address';
import type { WireMessage } from '../wire';
import type { Acknowledger } from './acknowledger';
import type { Content, ReadMessage } from './content';
import { encodeContent, readMessage } from './content-codec';
import type { NetworkContext } from './network-context';

/** A message to bring to an account, or to write from its phone. */
export interface Delivery {
  /** Who gets it: a number, or a group. */
  readonly to: Address;
  /** Who writes it: a number or a LID. */
  readonly from: Address;
  /** The group it is written in, when `to` names one account of the group. */
  readonly group?: Address;
  /** What it says; a string is a text. */
  readonly content: Content | string;
  /** Its bare id. Default: a new one, as Android makes them. */
  readonly id?: string;
  /** When it was written, in seconds since 1970. Default: now. */
  readonly time?: number;
  /** The name that the writer gave himself. Default: the contact's. */
  readonly pushname?: string;
  /** The id of the message that it answers. */
  readonly quoted?: string;
  /** Who is mentioned. */
  readonly mentions?: readonly Address[];
  /** Whether it is marked as forwarded. Default false. */
  readonly forwarded?: boolean;
  /** Old and already seen: only found by `fetchMessages`. Default false. */
  readonly history?: boolean;
}

/** Brings messages into mailboxes and to the pages of their owners. */
export class PostOffice {
  readonly #context: NetworkContext;
  readonly #acknowledger: Acknowledger;

  /**
   * @param context what the network shares
   * @param acknowledger told when a message reached another account
   */
  constructor(context: NetworkContext, acknowledger: Acknowledger) {
    this.#context = context;
    this.#acknowledger = acknowledger;
  }

  /**
   * Delivers a message that somebody wrote on a phone.
   * @throws GatewayError `not_found` when neither side has an account here
   */
  async deliver(delivery: Delivery): Promise<ReadMessage> {
    const { accounts, vault, clock } = this.#context;
    const content =
      typeof delivery.content === 'string'
        ? ({ kind: 'text', text: delivery.content } as const)
        : delivery.content;
    const { directory } = this.#context;
    const from = directory.chatJid(toJid(delivery.from));
    const to = directory.chatJid(toJid(delivery.group ?? delivery.to));
    const sender = accounts.find(from);
    const recipient = to.endsWith('@g.us') ? undefined : accounts.find(to);
    const { type, fields } = await encodeContent(content, vault);
    const group = directory.group(to);
    const message: WireMessage = {
      id: delivery.id ?? randomBytes(16).toString('hex').toUpperCase(),
      chat: to,
      from_me: true,
      ...(to.endsWith('@g.us') ? { author: from } : {}),
      t: delivery.time ?? Math.floor(clock.now() / 1000),
      ack: 1,
      type,
      ...this.#name(from, delivery.pushname),
      fields: { ...fields, ...this.#references(delivery, sender ?? recipient) },
    };
    if (sender) this.#file(sender, message, delivery.history ?? false);
    const reached = this.#route(message, from, delivery.history ?? false);
    if (!sender && reached.length === 0) {
      throw new GatewayError(
        'not_found',
        group
          ? 'No account here is in that group.'
          : 'Neither sender nor recipient has an account here.',
      );
    }
    const owner = (delivery.group ? accounts.find(delivery.to) : undefined) ?? reached[0] ?? sender;
    const copy = owner?.mailbox.find(message.id)?.message ?? message;
    return readMessage(copy, owner?.number ?? toAddress(from));
  }

  /** Brings a message that an account sent from a page to its own other pages and its recipients. */
  send(account: Account, message: WireMessage, from: AccountPage): void {
    const chat = account.mailbox.chat(message.chat);
    chat.messages.push(message);
    account.broadcast('message', message, from);
    this.#route(message, account.jid, false);
    this.#context.publish('changed');
  }

  /** Tells a page everything that arrived while none was there. */
  catchUp(account: Account): void {
    for (const chat of account.mailbox.chats) {
      for (const id of [...chat.undelivered]) {
        const message = chat.messages.find((one) => one.id === id);
        if (message) this.#tell(account, chat, message);
      }
    }
  }

  /** An account has read a chat: its unread count is gone, and other accounts see their ticks. */
  seen(account: Account, jid: string): void {
    const chat = account.mailbox.chat(jid);
    if (chat.unread === 0) return;
    chat.unread = 0;
    account.broadcast('unread', { chat: jid, unread: 0 });
    for (const message of chat.messages) {
      if (message.from_me) continue;
      const sender = this.#context.accounts.find(message.author ?? message.chat);
      if (sender) this.#acknowledger.acknowledge(sender, message.id, 3);
    }
    this.#context.publish('seen', { number: account.number, chat: toAddress(jid) });
    this.#context.publish('changed');
  }

  /** Copies for everybody who has an account here. */
  #route(message: WireMessage, from: string, history: boolean): Account[] {
    const { accounts, directory } = this.#context;
    const group = directory.group(message.chat);
    const jids = group ? group.participants.map((one) => one.jid) : [message.chat];
    const sender = accounts.find(from);
    const reached = [...new Set(jids.map((jid) => accounts.find(jid)))]
      .filter((account) => account !== undefined)
      .filter((account) => account !== sender);
    for (const account of reached) {
      const copy: WireMessage = {
        ...message,
        chat: group ? message.chat : from,
        from_me: false,
        ack: 1,
        ...this.#name(from, message.notify_name),
        fields: { ...message.fields },
      };
      this.#file(account, copy, history);
      if (sender && account.pages.size > 0) this.#acknowledger.acknowledge(sender, copy.id, 2);
    }
    return reached;
  }

  #file(account: Account, message: WireMessage, history: boolean): void {
    const chat = account.mailbox.chat(message.chat);
    chat.messages.push(message);
    chat.messages.sort((a, b) => a.t - b.t);
    if (history) return;
    if (!message.from_me) chat.unread = Math.max(0, chat.unread) + 1;
    chat.undelivered.add(message.id);
    this.#tell(account, chat, message);
    this.#context.publish('delivered', {
      number: account.number,
      message: readMessage(message, account.number),
    });
    this.#context.publish('changed');
  }

  #tell(account: Account, chat: ChatBox, message: WireMessage): void {
    if (![...account.pages].some((page) => page.active)) return;
    chat.undelivered.delete(message.id);
    account.broadcast('message', message);
    if (!message.from_me) account.broadcast('unread', { chat: chat.jid, unread: chat.unread });
  }

  #name(jid: string, pushname: string | undefined): { notify_name?: string } {
    const name = pushname ?? this.#context.directory.lookUp(jid)?.pushname;
    return name === undefined ? {} : { notify_name: name };
  }

  /** Quotes, mentions and forwarding, as WhatsApp Web's attributes. */
  #references(delivery: Delivery, account: Account | undefined): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    if (delivery.mentions) fields.mentionedJidList = delivery.mentions.map(toJid);
    if (delivery.forwarded) Object.assign(fields, { isForwarded: true, forwardingScore: 1 });
    if (delivery.quoted === undefined) return fields;
    const id = bareId(delivery.quoted);
    const quoted = account?.mailbox.find(id)?.message;
    if (!quoted) {
      throw new GatewayError(
        'not_found',
        'The message to quote is not in this account; check its id.',
      );
    }
    const author = quoted.from_me ? account?.jid : (quoted.author ?? quoted.chat);
    fields.quotedStanzaID = id;
    fields.quotedParticipant = author;
    fields.quotedMsg = { ...quoted.fields, type: quoted.type };
    return fields;
  }
}
