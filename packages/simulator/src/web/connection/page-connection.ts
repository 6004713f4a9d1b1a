import { randomBytes } from 'node:crypto';
import { GatewayError } from '@blazz/core';
import type { Account } from '../accounts/account';
import type { SendingPage } from '../network/outgoing';
import type { PageState } from '../page-state';
import type { UnpairedPage } from '../pairing/pairing-desk';
import type { Credentials, DeviceKeys, PageEvents, PageFrame, ServerFrame } from '../wire';
import type { ConnectionContext } from './connection-context';
import type { PageSocket } from './page-socket';
import { answer } from './requests';
import { welcomeFor } from './welcome';

/** States in which a page takes part in its account's life. */
const activeStates: ReadonlySet<PageState> = new Set([
  'CONNECTED',
  'OPENING',
  'TIMEOUT',
  'PAIRING',
]);

/** One browser page's connection: unpaired at first, or restored, later bound to an account. */
export class PageConnection implements SendingPage, UnpairedPage {
  /** The page's name at the simulator. */
  readonly id: string = randomBytes(4).toString('hex');
  readonly #socket: PageSocket;
  readonly #context: ConnectionContext;
  #device: DeviceKeys | undefined;
  #account: Account | undefined;
  #token: string | undefined;
  #active = true;
  #onLinked: (() => void) | undefined;

  /**
   * @param socket the page's WebSocket
   * @param context what it needs of the simulator
   */
  constructor(socket: PageSocket, context: ConnectionContext) {
    this.#socket = socket;
    this.#context = context;
  }

  /** The public keys that its QR carries. */
  get device(): DeviceKeys | undefined {
    return this.#device;
  }

  /** Whose page it is, once it is linked. */
  get account(): Account | undefined {
    return this.#account;
  }

  /** What proves that it is linked. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Whether it takes part: not in conflict, not blocked. */
  get active(): boolean {
    return this.#active;
  }

  /** Listens to the page. */
  start(): void {
    this.#socket.on('message', (data) => {
      const frame = parseFrame(String(data));
      if (frame) this.#later(() => void this.#handle(frame));
      else this.#socket.terminate();
    });
    this.#socket.on('error', () => this.#socket.terminate());
    this.#socket.on('close', () => {
      this.#context.desk.leave(this);
      if (!this.#account?.pages.delete(this)) return;
      this.#context.publish('disconnected', { number: this.#account.number });
      this.#context.publish('changed');
    });
  }

  /** Tells the page something. */
  tell<Name extends keyof PageEvents>(event: Name, payload: PageEvents[Name]): void {
    this.#send({ event, payload } as ServerFrame);
  }

  /** Cuts the socket. */
  drop(): void {
    this.#socket.terminate();
  }

  /** The page came in: it restores its session, or shows a QR. */
  async hello(device: DeviceKeys, credentials: Credentials | null): Promise<void> {
    const { accounts, timers, timings, desk } = this.#context;
    this.#device = device;
    await timers.wait(timings.openMs);
    if (credentials === null) {
      desk.begin(this);
      return;
    }
    const account = accounts.find(credentials.number);
    if (!account?.devices.has(credentials.token)) {
      // The phone removed this device while the page was away.
      this.tell('logout', { unpair_first: false });
      return;
    }
    this.#token = credentials.token;
    this.#enter(account);
  }

  /**
   * Links the page to an account, as a scan or an entered code does. Resolves when the page keeps
   * its credentials.
   */
  async pair(account: Account): Promise<void> {
    const { desk, timers, timings, publish } = this.#context;
    desk.leave(this);
    this.tell('pairing', null);
    await timers.wait(timings.pairMs);
    await this.#passkey(account);
    const token = randomBytes(24).toString('base64url');
    const linked = new Promise<void>((resolve, reject) => {
      this.#onLinked = resolve;
      this.#socket.once('close', () => {
        reject(
          new GatewayError(
            'connection_failed',
            'The page went away while it was being linked: scan again.',
          ),
        );
      });
    });
    // The phone knows the device before the page does, as in life.
    account.devices.add(token);
    this.#token = token;
    this.#account = account;
    this.tell('paired', { number: account.number, token });
    await linked;
    publish('paired', { number: account.number });
  }

  /** Waits until the person gave the passkey that WhatsApp wants, if it wants one. */
  async #passkey(account: Account): Promise<void> {
    const { faults, desk, publish } = this.#context;
    if (faults.of(account.number).linking !== 'passkey') return;
    this.tell('passkey', { asked: true });
    const given = await new Promise<boolean>((resolve) => {
      const settle = (answer: boolean): void => {
        account.passkeys.delete(settle);
        resolve(answer);
      };
      account.passkeys.add(settle);
      this.#socket.once('close', () => settle(false));
      publish('passkey', { number: account.number });
      publish('changed');
    });
    publish('changed');
    this.tell('passkey', { asked: false });
    if (given) return;
    if (this.#socket.readyState === this.#socket.OPEN) desk.begin(this);
    throw new GatewayError('rejected', 'The passkey was not given: scan the new QR to try again.');
  }

  /** The page has stored its credentials. */
  linked(): void {
    // A page may say it again after its socket broke; it is in only once.
    if (!this.#account || this.#account.pages.has(this)) return;
    this.#onLinked?.();
    this.#enter(this.#account);
  }

  /** Tells the page a state, and takes it out of its account's life where the state says so. */
  setState(state: PageState): void {
    this.#active = activeStates.has(state);
    this.tell('state', { state });
    if (!this.#account) return;
    this.#context.publish('state', { number: this.#account.number, state });
    if (state === 'CONNECTED') this.#context.office.catchUp(this.#account);
  }

  /** Tells the page how far it has loaded; 100 is the end: it is synchronised. */
  load(percent: number): void {
    this.tell('progress', { percent });
    if (percent < 100) return;
    this.tell('synced', null);
    if (this.#account) this.#context.publish('synced', { number: this.#account.number });
  }

  #enter(account: Account): void {
    const { directory, timers, timings, faults, publish, office } = this.#context;
    this.#account = account;
    for (const other of account.pages) {
      // The same profile twice: the newcomer wins.
      if (other instanceof PageConnection && other.token === this.#token)
        other.setState('CONFLICT');
    }
    account.pages.add(this);
    this.#active = true;
    this.tell('welcome', welcomeFor(account, directory));
    if (account.dialog) this.tell('dialog', { kind: account.dialog });
    publish('connected', { number: account.number });
    publish('changed');
    this.tell('progress', { percent: 0 });
    timers.after(timings.offlineMs, () => office.catchUp(account));
    const { sync } = faults.of(account.number);
    if (sync === 'never') return;
    if (sync === 'race') this.load(100);
    else {
      for (const percent of [25, 50, 75, 100]) {
        timers.after((timings.syncMs * percent) / 100, () => {
          if (account.pages.has(this)) this.load(percent);
        });
      }
    }
  }

  async #handle(frame: PageFrame): Promise<void> {
    const { request } = frame;
    try {
      const data = await answer(frame, this, this.#context);
      this.#send({ request, data });
    } catch (thrown) {
      const error = thrown as Error & { status?: number };
      const { name, message, status = 500 } = error;
      this.#send({ request, error: { name, message, status } });
    }
  }

  #send(frame: ServerFrame): void {
    this.#later(() => {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame));
    });
  }

  /** On a slow network everything comes later, in the same order. */
  #later(work: () => void): void {
    const { latencyMs } = this.#context.faults.of(this.#account?.number);
    if (latencyMs > 0) this.#context.timers.after(latencyMs, work);
    else work();
  }
}

/** A page's frame; undefined when it is none, since anybody on this machine could connect. */
function parseFrame(text: string): PageFrame | undefined {
  try {
    const frame = JSON.parse(text) as Partial<PageFrame> | null;
    return typeof frame?.request === 'number' ? (frame as PageFrame) : undefined;
  } catch {
    return undefined;
  }
}
