import {
  type Account,
  type ActionReason,
  type DownloadedMedia,
  GatewayError,
  type Identity,
  type InboundMessage,
  type MediaType,
  type ProviderEvent,
} from '@blazz/core';
import { chatOf, personOf } from './addresses';
import type { StartStep } from './connection';
import type { Line } from './line';
import type { Mailbox } from './mailbox';

/** The account behind one session: its phone, its chats, and everything that can happen to it. */
export class ScriptedAccount {
  readonly #line: Line;
  readonly #mailbox: Mailbox;

  /**
   * @internal
   * @param line what stands between the account and its providers
   * @param mailbox its messages
   */
  constructor(line: Line, mailbox: Mailbox) {
    this.#line = line;
    this.#mailbox = mailbox;
  }

  /** The account's own identity. */
  get identity(): Account {
    return this.#mailbox.identity;
  }

  /** Whether a device is linked: the session's credentials. They outlive every provider. */
  get linked(): boolean {
    return this.#line.linked;
  }

  /** Whether a provider is ready for this account. */
  get online(): boolean {
    return this.#line.connections.some((connection) => connection.isReady);
  }

  /** How many providers are connected now; more than one is a split brain. */
  get connections(): number {
    return this.#line.connections.length;
  }

  /** The QR that is shown now, if one is. */
  get qr(): string | undefined {
    return this.#line.connections.find((connection) => connection.qr)?.qr;
  }

  /** Links without a QR, before a provider starts: an account that was linked long ago. */
  link(): void {
    this.#line.linked = true;
  }

  /**
   * Scans the QR that is shown.
   * @param text the QR's text. Default: whatever is shown
   * @throws Error when no provider shows this QR (any more)
   */
  scan(text: string | undefined = this.qr): void {
    const shown = this.#line.connections.find((connection) => text && connection.qr === text);
    if (shown === undefined) throw new Error('No provider of this session shows that QR.');
    this.#line.linked = true;
    shown.paired();
  }

  /**
   * Types a pairing code.
   * @throws Error when no provider waits for this code (any more)
   */
  typeCode(code: string): void {
    const shown = this.#line.connections.find(({ pairingCode }) => pairingCode === code);
    if (shown === undefined) throw new Error('No provider of this session waits for that code.');
    this.#line.linked = true;
    shown.paired();
  }

  /**
   * Tells how far a provider has loaded that is about to be ready; see `syncMs`.
   * @param percent a whole number from 0 to 100
   */
  loads(percent: number): void {
    for (const connection of this.#line.connections) connection.loading(percent);
  }

  /** The account's owner removes the device on the phone. */
  unlinkFromPhone(): void {
    this.#line.linked = false;
    for (const connection of this.#line.connections) connection.unlinked('phone');
  }

  /** The provider's process dies: sends in flight stay without an answer, and `down` is reported. */
  crash(
    error: GatewayError = new GatewayError('provider_failed', 'The scripted session was killed.'),
  ): void {
    for (const connection of this.#line.connections) connection.crashed(error);
  }

  /** The network goes away: `interrupted`, and sends fail with `not_sent` until {@link restore}. */
  interrupt(reason: string = 'network'): void {
    for (const connection of this.#line.connections) connection.interrupted(reason);
  }

  /** The network is back: `ready` again, and what was missed. */
  restore(): void {
    for (const connection of this.#line.connections) connection.restored();
  }

  /**
   * WhatsApp wants a person.
   * @param reason what for
   * @param waiting whether a provider that is ready stays up until the person acted, which is {@link restore}
   */
  requireAction(reason: ActionReason, waiting: boolean = false): void {
    for (const connection of this.#line.connections) connection.needsPerson(reason, waiting);
  }

  /** Says how the next starts go, one step each; after them starts succeed again. */
  nextStarts(...steps: readonly StartStep[]): void {
    this.#line.plan(steps);
  }

  /**
   * A message comes in. While nobody is ready it waits, and comes as `caught_up` after the next `ready`.
   * @param from the writer: digits of a phone number, a LID, or an identity
   * @param message what it says; everything that is left out has a default
   * @returns WhatsApp's id of the message
   */
  deliver(from: string | Identity, message: Partial<InboundMessage>): string {
    return this.#mailbox.write('message.received', personOf(from), message);
  }

  /** A text comes in. See {@link deliver}. */
  deliverText(from: string | Identity, body: string): string {
    return this.deliver(from, { type: 'text', text: { body } });
  }

  /** A medium comes in, and can be downloaded by its id. See {@link deliver}. */
  deliverMedia(from: string | Identity, type: MediaType, media: DownloadedMedia): string {
    const { data, mimeType, filename } = media;
    const id = this.#mailbox.keep(media);
    const facts = { id, mime_type: mimeType, size: data.byteLength };
    const named = filename === undefined ? {} : { filename };
    return this.deliver(from, { type, media: { ...facts, ...named } });
  }

  /**
   * The account's owner writes on the phone; the device sees it as an echo.
   * @param to digits of a phone number, or a chat id
   */
  writeFromPhone(to: string, body: string): string {
    const message = { type: 'text', text: { body }, chat_id: chatOf(to) } as const;
    return this.#mailbox.write('message.echo', this.identity, message);
  }

  /** Somebody reacts to a message; an empty emoji takes the reaction back. */
  react(providerMessageId: string, from: string | Identity, emoji: string): void {
    this.#line.tell({
      type: 'message.reaction',
      provider_message_id: providerMessageId,
      from: personOf(from),
      chat_id: this.#mailbox.chatOf(providerMessageId),
      emoji,
      timestamp: this.#mailbox.timestamp,
    });
  }

  /** Somebody votes in a poll, by the wording of its options; none takes the vote back. */
  vote(providerMessageId: string, from: string | Identity, options: readonly string[]): void {
    this.#line.tell({
      type: 'message.poll_vote',
      provider_message_id: providerMessageId,
      from: personOf(from),
      chat_id: this.#mailbox.chatOf(providerMessageId),
      options,
      timestamp: this.#mailbox.timestamp,
    });
  }

  /** The writer of a message changes its text. */
  edit(providerMessageId: string, text: string): void {
    const chat_id = this.#mailbox.chatOf(providerMessageId);
    this.#line.tell({
      type: 'message.edited',
      provider_message_id: providerMessageId,
      chat_id,
      text,
    });
  }

  /** The writer of a message takes it back. */
  revoke(providerMessageId: string): void {
    const chat_id = this.#mailbox.chatOf(providerMessageId);
    this.#line.tell({ type: 'message.revoked', provider_message_id: providerMessageId, chat_id });
  }

  /** WhatsApp reports how far a message is, whatever the world's `receipts` say. */
  acknowledge(
    providerMessageId: string,
    status: Extract<ProviderEvent, { type: 'message.receipt' }>['status'],
    error?: GatewayError,
  ): void {
    this.#mailbox.report(providerMessageId, status, error);
  }
}
