import { GatewayError } from '@blazz/core';
import type { ContactSource } from './accounts/directory';
import { type GroupSource, makeGroup } from './accounts/group';
import type { Address } from './address';
import { loadCertificate } from './certificate';
import { chromiumArgs } from './chromium-args';
import { PageConnection } from './connection/page-connection';
import { emptyGroupChat } from './connection/welcome';
import { DataFolder } from './data-folder';
import type { Faults } from './faults';
import { HttpsServer } from './https-server';
import type { StoredMedia } from './media/media-vault';
import { MessageControls } from './message-controls';
import type { AckMode } from './network/ack-mode';
import type { Effect } from './network/effect-ledger';
import type { WebSimulatorOptions } from './options';
import type { PageState } from './page-state';
import type { WaitingCode, WaitingQr } from './pairing/pairing-desk';
import { Phone, type PhoneOwner } from './phone';
import { accountOfRequest, Site } from './site';
import type { WireGroup } from './wire';
import { pageSettings } from './wiring';

/**
 * WhatsApp Web, simulated: a local server that an unmodified browser with an unmodified
 * whatsapp-web.js takes for web.whatsapp.com, and the controls of everything behind it.
 */
export class WebSimulator extends MessageControls implements AsyncDisposable {
  readonly #options: WebSimulatorOptions;
  readonly #server: HttpsServer;
  readonly #folder: DataFolder | undefined;
  #listening: { readonly port: number; readonly spki: string } | undefined;

  /** @param options ports, delays, faults; nothing happens before {@link start} */
  constructor(options: WebSimulatorOptions = {}) {
    super(options);
    this.#options = options;
    const { dataDir } = options;
    this.#folder = dataDir === undefined ? undefined : new DataFolder(dataDir, this.context);
    this.on('changed', () => this.#folder?.touch());
    const { faults, vault } = this.context;
    const site = new Site(pageSettings(options), faults, vault);
    this.#server = new HttpsServer({
      request: (request, response) => site.handle(request, response),
      upgrade: (request) => faults.of(accountOfRequest(request)).socket,
      connection: (socket) => new PageConnection(socket, this.context).start(),
    });
  }

  /**
   * Listens. A second call does nothing.
   * @throws the system's error when the port cannot be had
   */
  async start(): Promise<void> {
    if (this.#listening) return;
    await this.#folder?.load();
    this.context.timers.start();
    const certificate = await loadCertificate(this.#options.dataDir);
    const port = await this.#server.start(this.#options.port ?? 0, certificate);
    this.#listening = { port, spki: certificate.spki };
  }

  /** Cuts every page's connection and stops listening. Safe to call at any time, more than once. */
  async stop(): Promise<void> {
    const ran = this.#listening !== undefined;
    this.#listening = undefined;
    await this.#server.stop();
    this.context.timers.stop();
    if (ran) await this.#folder?.flush();
  }

  /** The same as {@link stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** The port of the simulated web.whatsapp.com on 127.0.0.1. @throws GatewayError `conflict` before start */
  get port(): number {
    return this.#running().port;
  }

  /**
   * What Chromium has to be started with: it finds the simulator where it looks for WhatsApp, trusts
   * this one certificate, and can reach no other host.
   * @throws GatewayError `conflict` before start
   */
  chromiumArgs(): string[] {
    const { port, spki } = this.#running();
    return chromiumArgs(port, spki);
  }

  /** Every account with a phone here. */
  get accounts(): readonly Phone[] {
    return this.context.accounts.all.map((account) => new Phone(account, this.context));
  }

  /** The phone of an account, opened when there is none yet. */
  phone(number: Address, owner: Omit<PhoneOwner, 'number'> = {}): Phone {
    const account = this.context.accounts.open(number, owner.name, owner.platform);
    return new Phone(account, this.context);
  }

  /** Every QR that can be scanned now. */
  get waitingQrs(): readonly WaitingQr[] {
    return this.context.desk.waiting;
  }

  /** Every pairing code that can be entered now. */
  get waitingCodes(): readonly WaitingCode[] {
    return this.context.desk.codes;
  }

  /** Everything that the server accepted from the accounts, in order. Count duplicates here. */
  get effects(): readonly Effect[] {
    return this.context.ledger.all;
  }

  /**
   * Scans a QR with a phone. Resolves when the page is linked and keeps its credentials.
   * @throws GatewayError `not_found` when no page shows this QR (any more)
   */
  async scan(qrText: string, owner: PhoneOwner): Promise<Phone> {
    const phone = this.phone(owner.number, owner);
    await phone.scan(qrText);
    return phone;
  }

  /**
   * Enters a pairing code on a phone. Resolves when the page is linked.
   * @throws GatewayError `not_found` when no page waits for this code and number
   */
  async enterCode(
    code: string,
    number: Address,
    owner: Omit<PhoneOwner, 'number'> = {},
  ): Promise<Phone> {
    const phone = this.phone(number, owner);
    await phone.enterCode(code);
    return phone;
  }

  /** How recipients acknowledge, for everybody or for what one account sends. */
  setAckMode(mode: AckMode, number?: Address): void {
    const { accounts, acknowledger } = this.context;
    acknowledger.setMode(mode, number === undefined ? undefined : accounts.get(number));
  }

  /** The faults in force, for everybody or for one account. */
  faults(number?: Address): Faults {
    return this.context.faults.of(number);
  }

  /** Makes things go wrong from now on, for everybody or for one account. */
  setFaults(faults: Partial<Faults>, number?: Address): void {
    this.context.faults.set(faults, number);
    this.context.publish('changed');
  }

  /** Ends the faults of one account, or all. */
  clearFaults(number?: Address): void {
    this.context.faults.clear(number);
    this.context.publish('changed');
  }

  /** Makes somebody known: a name, a business, a person with a LID only. */
  addContact(contact: ContactSource): void {
    const added = this.context.directory.addContact(contact);
    for (const account of this.context.accounts.all) account.broadcast('contact', added);
  }

  /** Makes a group. */
  addGroup(group: GroupSource): WireGroup {
    const made = makeGroup(group, this.context.clock.now());
    this.context.directory.addGroup(made);
    for (const { jid } of made.participants) {
      this.context.accounts.find(jid)?.broadcast('chat', emptyGroupChat(made));
    }
    return made;
  }

  /** Says whether a number is on WhatsApp from now on. */
  setRegistered(number: Address, registered: boolean): void {
    this.context.directory.setRegistered(number, registered);
  }

  /** The bytes of a medium, by `mediaPath` of a message. */
  media(path: string): Promise<StoredMedia | undefined> {
    return this.context.vault.get(path);
  }

  /** The owner removes every linked device of an account. */
  logoutFromPhone(number: Address): void {
    this.#existing(number).logout();
  }

  /** WhatsApp Web is opened elsewhere. */
  conflict(number: Address): void {
    this.#existing(number).conflict();
  }

  /** Tells the pages of an account a state, such as `TOS_BLOCK`. */
  setState(number: Address, state: PageState): void {
    this.#existing(number).setState(state);
  }

  /** Cuts the sockets of an account's pages, or of all. */
  dropSockets(number?: Address): void {
    if (number !== undefined) this.#existing(number).dropSockets();
    else this.#server.dropWebSockets();
  }

  /** Loads the pages of an account again. */
  reloadPage(number: Address): void {
    this.#existing(number).reloadPage();
  }

  #existing(number: Address): Phone {
    return new Phone(this.context.accounts.get(number), this.context);
  }

  #running(): { readonly port: number; readonly spki: string } {
    if (this.#listening) return this.#listening;
    throw new GatewayError('conflict', 'The simulator does not run: call start() first.');
  }
}
