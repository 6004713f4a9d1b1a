import { GatewayError, type MarkRead, type Typing } from '@blazz/core';
import { unwrap } from '../errors/unwrap';
import type { ChatBook } from './chat-book';
import type { MetaScope } from './meta-scope';

/**
 * Blue ticks and typing. The Cloud API shows typing only as an answer to a message, marks that
 * message as read by it, and ends it by itself after 25 seconds or with the answer.
 */
export class Gestures implements MarkRead, Typing {
  readonly #scope: MetaScope;
  readonly #chats: ChatBook;

  /**
   * @param scope what the parts of the session share
   * @param chats the newest message of each chat
   */
  constructor(scope: MetaScope, chats: ChatBook) {
    this.#scope = scope;
    this.#chats = chats;
  }

  /** {@inheritDoc MarkRead.markRead} */
  async markRead(
    chatId: string,
    providerMessageId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#read(this.#messageOf(chatId, providerMessageId), {}, signal);
  }

  /** {@inheritDoc Typing.setTyping} */
  async setTyping(
    chatId: string,
    state: 'typing' | 'recording' | 'paused',
    signal: AbortSignal,
  ): Promise<void> {
    // Nothing takes it back: it ends by itself.
    if (state === 'paused') return;
    const shown = { typing_indicator: { type: 'text' } };
    await this.#read(this.#messageOf(chatId, undefined), shown, signal);
  }

  #messageOf(chatId: string, named: string | undefined): string {
    const id = named ?? this.#chats.newestOf(chatId);
    if (id !== undefined) return id;
    throw new GatewayError(
      'conflict',
      'No message of this chat is known since the session started; name the message, or wait until the other side writes.',
    );
  }

  async #read(
    id: string,
    more: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    const reply = await this.#scope.call({
      method: 'POST',
      path: `/${this.#scope.settings.phone_number_id}/messages`,
      json: { messaging_product: 'whatsapp', status: 'read', message_id: id, ...more },
      signal,
    });
    unwrap(reply);
  }
}
