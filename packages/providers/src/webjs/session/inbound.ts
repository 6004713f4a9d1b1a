import type { InboundMessage } from '@blazz/core';
import { asList, asNumber, asRaw, asText, timestampOf } from '../../json/raw';
import { decodeAck } from '../decode/ack';
import { decodeIdentity } from '../decode/identity';
import { chatOfKey, isOwnKey, jidOf, messageKey, sameJid } from '../decode/ids';
import { decodeMessage } from '../decode/message';
import type { LibraryMessage, LibraryReaction, LibraryVote } from '../library/library-types';
import { alternateIdsKey } from '../page/alternate-ids';
import type { IdentityBook } from './identity-book';
import type { OutboundBook } from './outbound-book';
import type { ReactionBook } from './reaction-book';
import { RecentMap } from './recent-map';
import type { SessionScope } from './session-scope';

/** What an inbound reader works with. */
export interface InboundParts {
  /** Which own messages are ours. */
  readonly book: OutboundBook;
  /** Own reactions on their way. */
  readonly reactions: ReactionBook;
  /** The linked account's ids. */
  readonly self: () => readonly string[];
  /** Who has which ids. */
  readonly identities: IdentityBook;
  /** Told when each message that was reported had been written, in seconds since 1970. */
  readonly onSeen: (t: number) => void;
}

/**
 * Whether a message was not sent to this device at all, as a photo that may be seen once: it can be
 * read on the phone only, and the library tells no more of it.
 */
export function staysEncrypted(raw: unknown): boolean {
  const { type, subtype } = asRaw(raw);
  return type === 'ciphertext' && asText(subtype)?.endsWith('_unavailable_fanout') === true;
}

/** Turns what the library reports about messages into events, each message once. */
export class Inbound {
  readonly #scope: SessionScope;
  readonly #parts: InboundParts;
  readonly #seen = new RecentMap<string, true>(10_000);
  readonly #undecrypted = new RecentMap<string, true>(1_000);

  /**
   * @param scope what the parts of the session share
   * @param parts what the reader works with
   */
  constructor(scope: SessionScope, parts: InboundParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  /** A message appeared, sent or received. */
  onMessage(message: LibraryMessage): void {
    this.report(message.rawData, false);
  }

  /** Reports a message unless it was before, whether it came in just now or was caught up. */
  report(raw: unknown, caughtUp: boolean): void {
    const { options } = this.#scope;
    const context = { self: this.#parts.self(), includeRaw: options.includeRaw, caughtUp };
    this.#parts.identities.learn(asRaw(raw)[alternateIdsKey]);
    const decoded = decodeMessage(raw, context);
    if (decoded === undefined) {
      this.#scope.logger.warn('a message without an id was left out');
      return;
    }
    if (!this.#wants(decoded.chat_id)) return;
    const from = this.#parts.identities.complete(decoded.from);
    this.#tell({ ...decoded, from }, asNumber(asRaw(raw).t) ?? 0);
  }

  /** Whether a message was told in this run. */
  knows(key: string): boolean {
    return this.#seen.has(key);
  }

  /** A message arrived that cannot be decrypted yet, or never will be here. */
  onCiphertext(message: LibraryMessage): void {
    if (staysEncrypted(message.rawData)) return this.onMessage(message);
    const key = messageKey(asRaw(message.rawData).id);
    if (key !== undefined) this.expectDecryption(key);
  }

  /** Until it is told, a message's text appears by decryption, not by an edit. */
  expectDecryption(key: string): void {
    this.#undecrypted.set(key, true);
  }

  /** A message's acknowledgement moved. */
  onAck(message: LibraryMessage, ack: unknown): void {
    const key = messageKey(asRaw(message.rawData).id);
    const receipt = decodeAck(ack);
    if (key === undefined || receipt === undefined || !isOwnKey(key)) return;
    this.#parts.book.onReceipt(key, receipt);
  }

  /** How far an own message was found to be; told unless it is known already. */
  reportReceipt(key: string | undefined, ack: unknown): void {
    const receipt = decodeAck(ack);
    if (key === undefined || receipt === undefined || !isOwnKey(key)) return;
    if (this.#parts.book.receiptOf(key) !== receipt) this.#parts.book.onReceipt(key, receipt);
  }

  /** A message's text or caption changed. */
  onEdit(message: LibraryMessage, text: unknown): void {
    const raw = asRaw(message.rawData);
    const key = messageKey(raw.id);
    if (key === undefined || !this.#wants(chatOfKey(key))) return;
    // What is taken back loses its text; that has an event of its own.
    if (raw.type === 'revoked') return;
    // Decryption fills the text in, and a thumbnail is the body of media: neither is an edit.
    if (this.#undecrypted.has(key)) return;
    if (asText(raw.directPath) !== undefined && raw.caption !== text) return;
    this.#scope.emit({
      type: 'message.edited',
      provider_message_id: key,
      chat_id: chatOfKey(key) ?? '',
      text: asText(text) ?? '',
    });
  }

  /** A message was deleted for everybody. */
  onRevoke(message: LibraryMessage): void {
    const raw = asRaw(message.rawData);
    const key = messageKey(raw.protocolMessageKey) ?? messageKey(raw.id);
    if (key === undefined || !this.#wants(chatOfKey(key))) return;
    this.#scope.emit({
      type: 'message.revoked',
      provider_message_id: key,
      chat_id: chatOfKey(key) ?? '',
    });
  }

  /** Somebody reacted, this account included. */
  onReaction(reaction: LibraryReaction): void {
    const target = messageKey(reaction.msgId);
    if (target === undefined || !this.#wants(chatOfKey(target))) return;
    const sender = jidOf(reaction.senderId);
    const emoji = asText(reaction.reaction) ?? '';
    const own = this.#parts.self().some((id) => sameJid(id, sender));
    const key = messageKey(reaction.id) ?? target;
    if (own && this.#parts.reactions.onOwn(target, emoji, key)) return;
    this.#scope.emit({
      type: 'message.reaction',
      provider_message_id: target,
      from: this.#parts.identities.complete(decodeIdentity(sender)),
      chat_id: chatOfKey(target) ?? '',
      emoji,
      timestamp: timestampOf(reaction.timestamp, this.#scope.clock.now()),
    });
  }

  /** Somebody voted in a poll, this account included. */
  onVote(vote: LibraryVote): void {
    const poll = messageKey(vote.parentMsgKey);
    if (poll === undefined || !this.#wants(chatOfKey(poll))) return;
    this.#scope.emit({
      type: 'message.poll_vote',
      provider_message_id: poll,
      from: this.#parts.identities.complete(decodeIdentity(jidOf(vote.voter))),
      chat_id: chatOfKey(poll) ?? '',
      options: asList(vote.selectedOptions).flatMap((option) => asText(asRaw(option).name) ?? []),
      timestamp: timestampOf(
        (asNumber(vote.interractedAtTs) ?? Number.NaN) / 1_000,
        this.#scope.clock.now(),
      ),
    });
  }

  /** Whether anybody wants to hear of a chat: contacts' stories and channels are no conversations. */
  #wants(chat: string | undefined): boolean {
    const { includeStatus, includeNewsletters } = this.#scope.options;
    if (chat === 'status@broadcast') return includeStatus;
    return includeNewsletters || chat?.endsWith('@newsletter') !== true;
  }

  #tell(message: InboundMessage, t: number): void {
    const key = message.provider_message_id;
    if (this.#seen.has(key)) return;
    this.#seen.set(key, true);
    this.#parts.onSeen(t);
    if (isOwnKey(key)) this.#parts.book.onEcho(message);
    else this.#scope.emit({ type: 'message.received', message });
    this.#undecrypted.delete(key);
  }
}
