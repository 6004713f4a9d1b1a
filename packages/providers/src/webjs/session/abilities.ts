import {
  GatewayError,
  isGatewayError,
  type MarkRead,
  type Pairing,
  type PairingCode,
  parseRecipient,
  type Typing,
  toGatewayError,
} from '@blazz/core';
import { encodeChatId } from '../encode/chat-id';
import { showChatState } from '../page/messages';
import type { Connection } from './connection';
import type { PageCalls } from './page-calls';
import type { SessionScope } from './session-scope';

/** How long a pairing code works, in milliseconds. */
const codeMs = 180_000;

/** What abilities work with. */
export interface AbilityParts {
  /** What the parts of the session share. */
  readonly scope: SessionScope;
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** The link to WhatsApp. */
  readonly connection: Connection;
}

/** The small abilities, each one call into the page. */
export class Abilities implements Pairing, Typing, MarkRead {
  readonly #parts: AbilityParts;

  /** @param parts what abilities work with */
  constructor(parts: AbilityParts) {
    this.#parts = parts;
  }

  /** {@inheritDoc Pairing.requestCode} */
  async requestCode(phone: string, signal: AbortSignal): Promise<PairingCode> {
    const { calls, scope, connection } = this.#parts;
    if (connection.ready) {
      throw new GatewayError('conflict', 'The account is linked already; log it out first.');
    }
    const { callMs } = scope.options.deadlines;
    try {
      const code = await calls.library(
        (client) => client.requestPairingCode(phone),
        callMs,
        signal,
      );
      return { code, expiresAt: scope.clock.now() + codeMs };
    } catch (thrown) {
      throw toGatewayError(
        thrown,
        'rejected',
        'WhatsApp gave no pairing code; check the number, or link by QR.',
      );
    }
  }

  /** {@inheritDoc Typing.setTyping} */
  async setTyping(
    chatId: string,
    state: 'typing' | 'recording' | 'paused',
    signal: AbortSignal,
  ): Promise<void> {
    const shown = state === 'paused' ? 'stop' : state;
    const { calls } = this.#parts;
    const chat = encodeChatId(parseRecipient(chatId));
    await this.#call((ms) => calls.page(showChatState, [shown, chat], ms, signal));
  }

  /** {@inheritDoc MarkRead.markRead} */
  async markRead(
    chatId: string,
    _providerMessageId: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { calls } = this.#parts;
    const chat = encodeChatId(parseRecipient(chatId));
    await this.#call((ms) => calls.library((client) => client.sendSeen(chat), ms, signal));
  }

  async #call(work: (ms: number) => Promise<unknown>): Promise<void> {
    const { scope, connection } = this.#parts;
    if (!connection.usable) {
      throw new GatewayError('not_ready', 'The session is not connected to WhatsApp; wait for it.');
    }
    try {
      await work(scope.options.deadlines.callMs);
    } catch (thrown) {
      if (isGatewayError(thrown)) throw thrown;
      const what = 'WhatsApp Web did not take the call; check the chat id and try again.';
      throw new GatewayError('provider_failed', what, { cause: thrown });
    }
  }
}
