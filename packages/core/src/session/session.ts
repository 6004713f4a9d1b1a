import { GatewayError } from '../errors/gateway-error';
import type { Lane } from '../outbox/lane';
import { abilitiesOf, type PairingCode } from '../provider/abilities';
import type { MemberStatus } from '../provider/member-status';
import type { Provider } from '../provider/provider';
import type { SessionRecord } from '../store/session-store';
import { withDeadline } from '../wait';
import type { IntakeReader } from './intake-reader';
import type { QrCode } from './pairing-window';
import type { Runner } from './runner';
import type { SessionContext } from './session-context';
import { isoTime, type SessionJournal } from './session-journal';
import { sessionParts } from './session-parts';
import type { SessionState } from './session-state';
import type { SessionStatus } from './session-status';

/** Bounds of a call that waits for something to happen in a session. */
export interface WaitOptions {
  /** How long to wait, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
}

/** One linked WhatsApp account of one workspace. */
export class Session {
  readonly #context: SessionContext;
  readonly #journal: SessionJournal;
  readonly #runner: Runner;
  readonly #lane: Lane;
  readonly #reader: IntakeReader;
  readonly #ended = new AbortController();
  #isRetired = false;

  /**
   * @internal Ask a workspace for one.
   * @param context what the session is given
   * @param known what the store knows of it, if anything
   */
  constructor(context: SessionContext, known?: SessionRecord) {
    this.#context = context;
    const parts = sessionParts(context, this.#ended.signal, known);
    this.#journal = parts.journal;
    this.#lane = parts.lane;
    this.#runner = parts.runner;
    this.#reader = parts.reader;
  }

  /** The tenant. */
  get workspaceId(): string {
    return this.#context.workspaceId;
  }

  /** The session's id, unique in the gateway. */
  get id(): string {
    return this.#context.sessionId;
  }

  /** Where the session stands. */
  get state(): SessionState {
    return this.#journal.state;
  }

  /** The provider that it runs on, or would run on: its capabilities and abilities. */
  get provider(): Provider {
    return this.#runner.provider;
  }

  /** How the members stand that the provider is made of; none when it does not run, or is one alone. */
  get members(): readonly MemberStatus[] {
    return (this.#runner.wanted && this.provider.members?.()) || [];
  }

  /** Everything about the session, as it is answered over the wire. */
  async status(): Promise<SessionStatus> {
    const { store, workspaceId, sessionId } = this.#context;
    const { desired: _, since, ...record } = this.#journal.record;
    const { capabilities } = this.provider;
    const { members } = this;
    const qr = this.#runner.qr;
    const { percent } = this.#journal;
    return {
      ...record,
      since: isoTime(since),
      ...(percent === undefined ? {} : { percent }),
      ...(qr === undefined ? {} : { qr_expires_at: isoTime(qr.expiresAt) }),
      ...(members.length === 0 ? {} : { members }),
      queue: await store.outbox.depth(workspaceId, sessionId),
      message_types: capabilities.messageTypes,
      abilities: abilitiesOf(this.provider),
    };
  }

  /**
   * Starts the session and waits until it is ready or shows a QR.
   * @throws GatewayError what kept it from starting; a retryable failure is tried again by itself
   */
  async start(options: WaitOptions = {}): Promise<void> {
    this.resume();
    await this.#wait(options, () => {
      if (this.state === 'ready' || this.state === 'pairing') return true;
      return this.#stuck();
    });
  }

  /** Starts the session and returns at once. */
  resume(): void {
    this.#assertCurrent();
    this.#journal.desire('running');
    this.#runner.start();
  }

  /** Stops the session; its credentials and its queue stay. Sends in flight finish first. */
  async stop(): Promise<void> {
    this.#assertCurrent();
    this.#journal.desire('stopped');
    await this.#runner.halt('stopped', { reason: 'requested' });
  }

  /**
   * @internal Stops for good, for the gateway's own end or a new configuration: what the session's
   * owner wants stays noted, and another object of the same name goes on with it.
   */
  async retire(): Promise<void> {
    this.#isRetired = true;
    this.#reader.stop();
    try {
      await this.#runner.halt('stopped', { reason: 'shutdown' });
    } finally {
      this.#ended.abort();
    }
  }

  /** Stops and starts again with a new provider. */
  async reconnect(options: WaitOptions = {}): Promise<void> {
    this.#assertCurrent();
    await this.#runner.halt('stopped', { reason: 'reconnect' });
    await this.start(options);
  }

  /** Ends the link and deletes the credentials. The queue stays, for the next link. */
  async logout(options: WaitOptions = {}): Promise<void> {
    this.#assertCurrent();
    const { logout } = this.provider;
    if (logout === undefined) {
      throw new GatewayError(
        'conflict',
        "This session's provider has no link that could be ended.",
      );
    }
    this.#journal.desire('stopped');
    await this.#runner.halt('logged_out', { reason: 'requested' }, (provider) =>
      this.#deadline(options, async (signal) => provider.logout?.logout(signal)),
    );
  }

  /**
   * A QR to scan; starts the session when it does not run.
   * @throws GatewayError `conflict` when the session is linked, `timeout`, or what kept it from starting
   */
  async qr(options: WaitOptions = {}): Promise<QrCode> {
    this.resume();
    return this.#deadline(options, async (signal) => {
      await this.#toPair(signal);
      return this.#journal.until(() => this.#runner.qr ?? this.#stuck(), signal);
    });
  }

  /**
   * A pairing code to type into the phone, instead of a QR; starts the session when it does not run.
   * @param phone E.164 digits of the account that will be linked
   * @throws GatewayError `conflict` when the session is linked, `invalid_recipient`, `timeout`
   */
  async pairingCode(phone: string, options: WaitOptions = {}): Promise<PairingCode> {
    if (!/^[1-9][0-9]{6,14}$/.test(phone)) {
      const why = '`phone` must be 7 to 15 digits with country code, without "+".';
      throw new GatewayError('invalid_recipient', why, { details: { field: 'phone' } });
    }
    this.resume();
    return this.#deadline(options, async (signal) => {
      await this.#toPair(signal);
      const { pairing } = this.provider;
      if (pairing === undefined) {
        throw new GatewayError('conflict', "This session's provider is not linked by a code.");
      }
      return pairing.requestCode(phone, signal);
    });
  }

  /** Looks for messages to send: something was accepted. */
  wake(): void {
    this.#lane.wake();
  }

  /** Looks for what came in from outside for the session, and writes it down. */
  read(): void {
    this.#reader.wake();
  }

  /** Waits until there is something to link; a linked session may still have a member that is not. */
  async #toPair(signal: AbortSignal): Promise<void> {
    const found = await this.#journal.until(() => {
      if (this.#runner.qr !== undefined || this.state === 'pairing') return 'pairing';
      if (this.state === 'ready' || this.state === 'syncing') return 'linked';
      return this.#stuck();
    }, signal);
    if (found === 'pairing') return;
    const { pairing } = this.provider;
    if (pairing?.open === undefined) throw alreadyLinked();
    await pairing.open(signal);
  }

  #assertCurrent(): void {
    if (!this.#isRetired) return;
    const why = 'The gateway stops, or the workspace is being configured anew; ask again.';
    throw new GatewayError('shutting_down', why);
  }

  /** Throws what keeps the session from getting anywhere; `undefined` while there is hope. */
  #stuck(): undefined {
    const error = this.#runner.lastError;
    if (error !== undefined) throw error;
    if (this.#runner.wanted) return undefined;
    const why = `The session is ${this.state}; see its status for the reason.`;
    throw new GatewayError('not_ready', why);
  }

  #wait<T>(options: WaitOptions, look: () => T | undefined): Promise<T> {
    return this.#deadline(options, (signal) => this.#journal.until(look, signal));
  }

  #deadline<T>(options: WaitOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(work, {
      clock: this.#context.clock,
      ms: options.timeoutMs ?? 60_000,
      signal: options.signal,
      onTimeout: () =>
        new GatewayError('timeout', 'The session did not get there in time; ask for its status.'),
    });
  }
}

function alreadyLinked(): GatewayError {
  return new GatewayError('conflict', 'The session is linked already; log it out to link another.');
}
