import { EventEmitter } from 'node:events';
import { GatewayError } from '@blazz/core';
import { type Address, bareId, toJid } from './address';
import type { ConnectionContext } from './connection/connection-context';
import type { Publish, WebSimulatorEvents } from './events';
import type { Content, ReadMessage } from './network/content';
import { encodeContent } from './network/content-codec';
import type { Delivery } from './network/post-office';
import type { WebSimulatorOptions } from './options';
import { wire } from './wiring';

/** What can be done to messages, and the events: the part of the simulator that needs no server. */
export class MessageControls extends EventEmitter<WebSimulatorEvents> {
  /**
   * Everything behind the pages.
   * @internal
   */
  protected readonly context: ConnectionContext;

  /** @param options delays and faults */
  constructor(options: WebSimulatorOptions) {
    super();
    const publish: Publish = (name, ...payload) => {
      (this as EventEmitter).emit(name, ...payload);
    };
    this.context = wire(options, publish);
  }

  /** Writes a message on a phone: to an account (it arrives), or from one (its pages see it). */
  deliver(delivery: Delivery): Promise<ReadMessage> {
    return this.context.office.deliver(delivery);
  }

  /** Reacts to a message as `by`; an empty emoji takes the reaction back. */
  react(messageId: string, by: Address, emoji: string): void {
    this.#held(this.context.amendments.react(bareId(messageId), toJid(by), emoji));
  }

  /** Votes in a poll as `by`, by option numbers; none takes the vote back. */
  vote(messageId: string, by: Address, options: readonly number[]): void {
    this.#held(this.context.amendments.vote(bareId(messageId), toJid(by), options));
  }

  /** Edits a message, as its writer does on a phone. */
  edit(messageId: string, text: string): void {
    this.#held(this.context.amendments.edit(bareId(messageId), text));
  }

  /** Takes a message back for everybody, as its writer does on a phone. */
  revoke(messageId: string): void {
    this.#held(this.context.amendments.revoke(bareId(messageId)));
  }

  /** Lets the pages decrypt a message that was delivered as `ciphertext`. */
  async decrypt(messageId: string, content: Content): Promise<void> {
    const { type, fields } = await encodeContent(content, this.context.vault);
    this.#held(this.context.amendments.decrypt(bareId(messageId), type, fields));
  }

  /**
   * Moves a sent message to `level`: -1 refused, 1 at the server, 2 at the device, 3 read, 4 played.
   * @throws GatewayError `not_found` when no account sent such a message
   */
  acknowledge(messageId: string, level: -1 | 1 | 2 | 3 | 4): void {
    const { accounts, acknowledger } = this.context;
    const id = bareId(messageId);
    const sender = accounts.all.find((one) => one.mailbox.find(id)?.message.from_me);
    this.#held(sender && acknowledger.acknowledge(sender, id, level) ? 1 : 0);
  }

  #held(holders: number): void {
    if (holders > 0) return;
    throw new GatewayError('not_found', 'No account here has a message with this id.');
  }
}
