import { GatewayError, isGatewayError, type OutgoingMessage, type SendOutcome } from '@blazz/core';
import { asRaw } from '../../json/raw';
import { messageKey } from '../decode/ids';
import { encodeChatId } from '../encode/chat-id';
import { type EncodedContent, encodeContent, type SendableContent } from '../encode/content';
import type { Library, LibraryMessage } from '../library/library-types';
import { reactTo } from '../page/messages';
import type { Flight } from '../session/flight';
import type { IdentityBook } from '../session/identity-book';
import type { OutboundBook } from '../session/outbound-book';
import type { PageCalls } from '../session/page-calls';
import type { ReactionBook } from '../session/reaction-book';
import type { SessionScope } from '../session/session-scope';
import { looksLike } from './looks-like';
import type { MediaLoader } from './media-loader';
import { decodeSendError, refusal, unknownOutcome } from './send-error';

/** What a sender works with. */
export interface SenderParts {
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** Which own messages are ours. */
  readonly book: OutboundBook;
  /** Who has which ids. */
  readonly identities: IdentityBook;
  /** Own reactions on their way. */
  readonly reactions: ReactionBook;
  /** Gets the bytes of media. */
  readonly media: MediaLoader;
  /** whatsapp-web.js, once loaded. */
  readonly library: () => Library | undefined;
  /** Whether the session can send now. */
  readonly ready: () => boolean;
}

/** A message, ready to be handed to the library. */
interface Prepared extends EncodedContent {
  readonly chatId: string;
  readonly bytes: number;
}

/** Sends messages, and tells for certain what became of each, or that nobody can. */
export class Sender {
  readonly #scope: SessionScope;
  readonly #parts: SenderParts;

  /**
   * @param scope what the parts of the session share
   * @param parts what the sender works with
   */
  constructor(scope: SessionScope, parts: SenderParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  /** {@inheritDoc Provider.send} */
  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { content } = message;
    if (signal.aborted || !this.#parts.ready()) return notReady();
    if (content.type === 'interactive' || content.type === 'template') {
      const what = `WhatsApp Web cannot send messages of type ${content.type}; send a text instead.`;
      return refusal(new GatewayError('unsupported_content', what));
    }
    if (content.type === 'reaction') return this.#react(message, content.reaction, signal);
    let prepared: Prepared;
    try {
      prepared = await this.#prepare(message, content, signal);
    } catch (thrown) {
      const what = 'The message could not be prepared; it is tried again.';
      return refusal(isGatewayError(thrown) ? thrown : failure(what, thrown));
    }
    // Whatever ends before this line provably left nothing.
    if (signal.aborted || !this.#parts.ready()) return notReady();
    return this.#transmit(message, prepared, signal);
  }

  async #prepare(
    { recipient, reply_to }: OutgoingMessage,
    content: SendableContent,
    signal: AbortSignal,
  ): Promise<Prepared> {
    const library = this.#parts.library();
    if (library === undefined) throw new GatewayError('not_ready', 'The session is not started.');
    const chatId = encodeChatId(recipient);
    const media = await this.#parts.media.load(content, signal);
    const { content: body, options } = encodeContent(content, library, media);
    const quote = reply_to === undefined ? {} : { quotedMessageId: reply_to };
    return {
      chatId,
      bytes: media?.data.byteLength ?? 0,
      content: body,
      options: { ...options, ...quote, sendSeen: this.#scope.options.sendSeen },
    };
  }

  async #transmit(
    message: OutgoingMessage,
    prepared: Prepared,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { calls, book, identities } = this.#parts;
    const { chatId, content, options, bytes } = prepared;
    const isIt = looksLike(message, (found) => identities.isSameChat(found, chatId));
    const flight = book.open(message.message_id);
    let told: 'sent' | 'failed' | undefined;
    try {
      const ms = this.#deadline(bytes);
      const sent = await calls.library(
        (client) => client.sendMessage(chatId, content, options),
        ms,
        signal,
      );
      const key = keyOf(sent) ?? flight.candidate(isIt);
      if (key === undefined) return unknownOutcome('The library returned no message.', undefined);
      const outcome = await this.#acknowledged(key, flight, signal);
      told =
        outcome.status === 'sent' ? 'sent' : outcome.status === 'rejected' ? 'failed' : undefined;
      return outcome;
    } catch (thrown) {
      const key = flight.candidate(isIt);
      if (key !== undefined) flight.claim(key);
      return decodeSendError(thrown, key);
    } finally {
      flight.close(told);
    }
  }

  /** The library's promise means little: WhatsApp's own acknowledgement is the proof. */
  async #acknowledged(key: string, flight: Flight, signal: AbortSignal): Promise<SendOutcome> {
    const { calls, book } = this.#parts;
    flight.claim(key);
    try {
      const { ackMs } = this.#scope.options.deadlines;
      const receipt = await calls.wait(() => book.acknowledged(key), ackMs, signal);
      if (receipt !== 'failed') return { status: 'sent', provider_message_id: key };
      return refusal(new GatewayError('rejected', 'WhatsApp refused the message; change it.'));
    } catch (thrown) {
      return unknownOutcome(thrown, key);
    }
  }

  async #react(
    _message: OutgoingMessage,
    { message_id, emoji }: { readonly message_id: string; readonly emoji: string },
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { calls, reactions } = this.#parts;
    const { ackMs } = this.#scope.options.deadlines;
    const expected = reactions.expect(message_id, emoji);
    try {
      const found = await calls.page(reactTo, [message_id, emoji], this.#deadline(0), signal);
      if (!found) {
        const what = 'The message to react to is not in the account any more; react to another.';
        const details = { path: 'reaction.message_id' };
        return refusal(new GatewayError('invalid_message', what, { details }));
      }
      const key = await calls.wait(() => expected.seen, ackMs, signal);
      return { status: 'sent', provider_message_id: key };
    } catch (thrown) {
      return unknownOutcome(thrown, undefined);
    } finally {
      expected.end();
    }
  }

  #deadline(bytes: number): number {
    const { sendMs, sendPerMegabyteMs } = this.#scope.options.deadlines;
    return sendMs + (bytes / 1_000_000) * sendPerMegabyteMs;
  }
}

function keyOf(sent: LibraryMessage | null | undefined): string | undefined {
  return sent === null || sent === undefined ? undefined : messageKey(asRaw(sent.rawData).id);
}

function notReady(): SendOutcome {
  const what = 'The session is not connected to WhatsApp; the message waits until it is.';
  return refusal(new GatewayError('not_ready', what));
}

function failure(what: string, cause: unknown): GatewayError {
  return new GatewayError('provider_failed', what, { cause });
}
