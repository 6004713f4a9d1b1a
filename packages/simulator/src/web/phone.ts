import { GatewayError } from '@blazz/core';
import type { Account } from './accounts/account';
import { type Address, bareId, toAddress, toJid } from './address';
import type { ConnectionContext } from './connection/connection-context';
import { PageConnection } from './connection/page-connection';
import type { DialogKind } from './dialog';
import type { AckMode } from './network/ack-mode';
import type { Content, ReadMessage } from './network/content';
import { readMessage } from './network/content-codec';
import type { PageState } from './page-state';

/** Who holds the phone that scans. */
export interface PhoneOwner {
  /** The account's phone number. */
  readonly number: Address;
  /** The name that its owner gave himself. Default: what it was. */
  readonly name?: string;
  /** `android` (default), `iphone`, or `smba` and `smbi` for the business apps. */
  readonly platform?: string;
}

/** A chat as {@link Phone.chats} lists it. */
export interface ChatSummary {
  /** The chat. */
  readonly chat: Address;
  /** Its title. */
  readonly name: string;
  /** Messages that the account has not seen. */
  readonly unread: number;
  /** Its latest message. */
  readonly last?: ReadMessage;
}

/** The phone of one simulated account: what its owner can do, and what lies in it. */
export class Phone {
  readonly #account: Account;
  readonly #context: ConnectionContext;

  /**
   * @internal Made by `WebSimulator.phone`.
   * @param account whose phone it is
   * @param context what it needs of the simulator
   */
  constructor(account: Account, context: ConnectionContext) {
    this.#account = account;
    this.#context = context;
  }

  /** The account's number. */
  get number(): string {
    return this.#account.number;
  }

  /** The name that its owner gave himself. */
  get name(): string {
    return this.#account.name;
  }

  /** The account's LID. */
  get lid(): string {
    return this.#account.lid;
  }

  /** How many devices are linked. */
  get linkedDevices(): number {
    return this.#account.devices.size;
  }

  /** How many pages are connected now. */
  get connectedPages(): number {
    return this.#account.pages.size;
  }

  /** How recipients acknowledge what this account sends. */
  get ackMode(): AckMode {
    return this.#context.acknowledger.modeOf(this.#account);
  }

  /** The chats, the latest first. */
  chats(): readonly ChatSummary[] {
    const { directory } = this.#context;
    return this.#account.mailbox.chats.map(({ jid, unread, messages }) => {
      const contact = directory.lookUp(jid);
      const name = directory.group(jid)?.subject ?? contact?.name ?? contact?.pushname;
      const last = messages.at(-1);
      return {
        chat: toAddress(jid),
        name: name ?? (jid.endsWith('@c.us') ? `+${toAddress(jid)}` : jid),
        unread,
        ...(last ? { last: readMessage(last, this.number) } : {}),
      };
    });
  }

  /** The messages of one chat, oldest first. */
  messages(chat: Address): readonly ReadMessage[] {
    const jid = this.#context.directory.chatJid(toJid(chat));
    if (!this.#account.mailbox.has(jid)) return [];
    return this.#account.mailbox.chat(jid).messages.map((one) => readMessage(one, this.number));
  }

  /** One message by its id, bare or serialized. */
  message(id: string): ReadMessage | undefined {
    const found = this.#account.mailbox.find(bareId(id));
    return found && readMessage(found.message, this.number);
  }

  /** Links the page that shows this QR. Resolves when the page keeps its credentials. */
  async scan(qrText: string): Promise<void> {
    await this.#context.desk.scanned(qrText).pair(this.#account);
  }

  /** Links the page that showed this pairing code to this number. */
  async enterCode(code: string): Promise<void> {
    await this.#context.desk.entered(code, this.number).pair(this.#account);
  }

  /** Writes a message on the phone itself; linked pages see it as their own. */
  async send(to: Address, content: Content | string): Promise<ReadMessage> {
    return this.#context.office.deliver({ from: this.number, to, content });
  }

  /** Removes every linked device: pages are logged out now, or when they come back. */
  logout(): void {
    // Looked up first: an account whose pages are away may well be logged out.
    const pages = this.#pages();
    this.#account.devices.clear();
    const { unlink } = this.#context.faults.of(this.number);
    for (const page of pages) page.tell('logout', { unpair_first: unlink === 'unpaired_first' });
    this.#context.publish('logged_out', { number: this.number, by: 'phone' });
    this.#context.publish('changed');
  }

  /** Tells its pages that WhatsApp Web was opened elsewhere. */
  conflict(): void {
    this.setState('CONFLICT');
  }

  /** Tells its pages a state, such as `TOS_BLOCK` or `TIMEOUT`. */
  setState(state: PageState): void {
    for (const page of this.#pages()) page.setState(state);
  }

  /**
   * Tells its pages how far their chats have loaded. With the fault `sync: 'never'` nothing else does:
   * loading is as slow as you say, or stuck.
   * @param percent 0 to 100; 100 is the end, and makes them synchronised
   * @throws GatewayError `bad_request` for any other number
   */
  load(percent: number): void {
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
      throw new GatewayError('bad_request', '"percent" is a whole number from 0 to 100.');
    }
    for (const page of this.#pages()) page.load(percent);
  }

  /** Cuts the sockets of its pages; they come back by themselves. */
  dropSockets(): void {
    for (const page of [...this.#pages()]) page.drop();
  }

  /** Loads its pages again. */
  reloadPage(): void {
    this.#account.broadcast('reload', null);
  }

  /** Keeps the main thread of its pages busy for `ms` milliseconds; they answer nothing meanwhile. */
  spinPage(ms: number): void {
    this.#account.broadcast('spin', { ms });
  }

  /** Sends its pages elsewhere: a page of www.whatsapp.com without the application. */
  navigateAway(): void {
    this.#account.broadcast('away', null);
  }

  /** Whether a page waits for a passkey to be linked; see the fault `linking`. */
  get wantsPasskey(): boolean {
    return this.#account.passkeys.size > 0;
  }

  /**
   * The person gives the passkey that linking waits for, or refuses: the page then shows a new QR.
   * @throws GatewayError `conflict` when nothing waits for one
   */
  answerPasskey(given: boolean): void {
    const waiting = [...this.#account.passkeys];
    if (waiting.length === 0) {
      throw new GatewayError('conflict', 'No page waits for a passkey: scan its QR first.');
    }
    for (const answer of waiting) answer(given);
  }

  /** The dialogue that lies over its pages, if any. */
  get dialog(): DialogKind | undefined {
    return this.#account.dialog;
  }

  /** Lays a dialogue over its pages; it is there again after a reload, until somebody answers it. */
  showDialog(kind: DialogKind): void {
    this.#setDialog(kind);
  }

  /** The dialogue goes, as when somebody answered it elsewhere. */
  closeDialog(): void {
    this.#setDialog(undefined);
  }

  #setDialog(kind: DialogKind | undefined): void {
    this.#account.dialog = kind;
    this.#account.broadcast('dialog', { kind: kind ?? null });
    this.#context.publish('dialog', { number: this.number, ...(kind ? { kind } : {}) });
    this.#context.publish('changed');
  }

  /** Rings: its pages see an incoming call. */
  call(from: Address, options: { readonly id: string; readonly video?: boolean }): void {
    const { id, video = false } = options;
    this.#account.broadcast('call', { id, from: toJid(from), video });
  }

  #pages(): readonly PageConnection[] {
    const pages = [...this.#account.pages].filter((page) => page instanceof PageConnection);
    if (pages.length === 0 && this.#account.devices.size === 0) {
      throw new GatewayError(
        'conflict',
        'No page is linked to this account: scan a QR with it first.',
      );
    }
    return pages;
  }
}
