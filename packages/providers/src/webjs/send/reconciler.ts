import type { Attempt, OutgoingMessage, SendOutcome } from '@blazz/core';
import { asNumber, asRaw } from '../../json/raw';
import { bareIdOf } from '../decode/ids';
import { decodeMessage } from '../decode/message';
import { encodeChatId } from '../encode/chat-id';
import { recentMessages } from '../page/messages';
import type { OutboundBook } from '../session/outbound-book';
import type { PageCalls } from '../session/page-calls';
import type { SessionScope } from '../session/session-scope';
import { looksLike } from './looks-like';

/** How far WhatsApp's stamps may lie before the attempt's own, in milliseconds. */
const beforeMs = 5_000;
/** How long after its beginning an attempt may have handed its message over, in milliseconds. */
const afterMs = 300_000;

/** What a reconciler works with. */
export interface ReconcilerParts {
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** Which own messages are ours. */
  readonly book: OutboundBook;
  /** The linked account's ids. */
  readonly self: () => readonly string[];
}

/** Finds out what became of a send whose outcome was unknown, by looking into the chat. */
export class Reconciler {
  readonly #scope: SessionScope;
  readonly #parts: ReconcilerParts;

  /**
   * @param scope what the parts of the session share
   * @param parts what the reconciler works with
   */
  constructor(scope: SessionScope, parts: ReconcilerParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  /** {@inheritDoc Reconciliation.reconcile} */
  async reconcile(
    message: OutgoingMessage,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<SendOutcome | undefined> {
    if (message.content.type === 'reaction') return undefined;
    const { calls, book, self } = this.#parts;
    const chatId = encodeChatId(message.recipient);
    const from = attempt.startedAt - beforeMs;
    const query = { since: Math.floor(from / 1000), perChat: 10_000, chatId, own: true };
    const { downloadMs } = this.#scope.options.deadlines;
    const models = await calls.page(recentMessages, [query], downloadMs, signal);
    const known = attempt.providerMessageId ?? book.keyOf(message.message_id);
    // All that was found stands in the chat that was asked for.
    const alike = looksLike(message, () => true);
    const found = models.flatMap((model) => {
      const decoded = decodeMessage(model, { self: self(), includeRaw: false, caughtUp: false });
      if (decoded === undefined) return [];
      const key = decoded.provider_message_id;
      const inTime = Date.parse(decoded.timestamp) <= attempt.startedAt + afterMs;
      const fits =
        known === undefined
          ? inTime && alike(decoded) && !book.isOurs(key)
          : bareIdOf(key) === bareIdOf(known);
      return fits ? [{ key, ack: asNumber(asRaw(model).ack) ?? 0 }] : [];
    });
    // Two that look alike prove nothing about either.
    const [match] = found;
    if (match === undefined || found.length > 1 || match.ack < 1) return undefined;
    return { status: 'sent', provider_message_id: match.key };
  }
}
