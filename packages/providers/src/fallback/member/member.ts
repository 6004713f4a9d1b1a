import {
  type Account,
  GatewayError,
  type MemberState,
  type MemberStatus,
  type Provider,
  type ProviderEvent,
  toGatewayError,
} from '@blazz/core';
import { Breaker, RestartPolicy } from '@blazz/core/adapters';
import type { FallbackMember } from '../settings';
import { barOf, barredAs } from './bar';
import { Gate } from './gate';
import { aliveStates, type MemberContext, type PairingReport } from './member-context';
import { Slot } from './slot';

/**
 * One member: a provider that is replaced when it dies, whatever becomes of the others. Its state
 * is what the session is made of; everything else that it reports is passed on.
 */
export class Member {
  /** Its name. */
  readonly name: string;
  /** What it is made by. */
  readonly made: FallbackMember;
  /** Whether sends try it. */
  readonly breaker: Breaker;
  /** Its pace. */
  readonly gate: Gate;
  /** Whether a send finds out just now if it works again. */
  isProbing = false;
  readonly #context: MemberContext;
  readonly #restarts: RestartPolicy;
  readonly #slot: Slot;
  #state: MemberState = 'stopped';
  #waits = false;
  #reason: string | undefined;
  #percent: number | undefined;
  #account: Account | undefined;
  #error: GatewayError | undefined;
  readonly #barredAs: string;
  #shown: PairingReport | undefined;
  #cancelTimer: (() => void) | undefined;

  /**
   * @param made what it is made by
   * @param context what the session gives it
   */
  constructor(made: FallbackMember, context: MemberContext) {
    const { clock, random, timings, settings } = context;
    this.name = made.name;
    this.#barredAs = barredAs(made, context);
    this.made = made;
    this.#context = context;
    this.#restarts = new RestartPolicy(clock, random, timings.restart, timings.steadyMs);
    this.breaker = new Breaker(clock, settings.breaker);
    this.#slot = new Slot(made, context, (event) => this.#heard(event));
    const { pace } = this.provider.capabilities;
    this.gate = new Gate(pace, () => this.provider.limits, clock, random);
  }

  /** The provider: the one that lives, or the one that would. */
  get provider(): Provider {
    return this.#slot.provider;
  }

  /** Aborted when the provider that lives is of no more use. */
  get life(): AbortSignal {
    return this.#slot.life;
  }

  /** Where it stands. */
  get state(): MemberState {
    return this.#state;
  }

  /** Why, as one word. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** While it is `syncing`: how far, 0 to 100, when known. */
  get percent(): number | undefined {
    return this.#percent;
  }

  /** The account that it is, or was last, linked to. */
  get account(): Account | undefined {
    return this.#account;
  }

  /** What went wrong last. */
  get error(): GatewayError | undefined {
    return this.#error;
  }

  /** Why its messages wait and go by no other member, until it is ready again; see {@link barOf}. */
  get bar(): GatewayError | undefined {
    return this.#context.bars.get(this.#barredAs);
  }

  /** The QR or code that it shows, while it works. */
  get shown(): PairingReport | undefined {
    const shown = this.#state === 'pairing' ? this.#shown : undefined;
    return shown !== undefined && shown.expiresAt > this.#context.clock.now() ? shown : undefined;
  }

  /** Whether its provider lives. */
  get isAlive(): boolean {
    return aliveStates.has(this.#state) || this.waitsForPerson;
  }

  /** Whether its provider stays up, and goes on once a person acted. */
  get waitsForPerson(): boolean {
    return this.#waits && this.#state === 'action_required';
  }

  /** Whether it comes up for the first time: it may well be about to be ready. */
  get isComingUp(): boolean {
    return this.#slot.isFresh && (this.#state === 'starting' || this.#state === 'syncing');
  }

  /** How it stands, as it is told. */
  status(): MemberStatus {
    const error = this.#error?.toJSON();
    return {
      member: this.name,
      state: this.#state,
      ...(this.bar === undefined ? {} : { barred: true }),
      breaker: this.breaker.state,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      ...(this.#percent === undefined ? {} : { percent: this.#percent }),
      ...(this.#account === undefined ? {} : { account: this.#account }),
      ...(error === undefined ? {} : { last_error: error }),
    };
  }

  /** Brings it up, unless it lives. Returns at once; its state tells how it went. */
  start(): void {
    if (this.isAlive) return;
    this.#cancelTimer?.();
    this.#restarts.reset();
    void this.#bringUp();
  }

  /** Does not start until somebody asks: it is not linked. */
  rest(): void {
    this.#move('unlinked');
  }

  /** Stops it for good, also while it starts or waits for a restart. */
  async stop(error: GatewayError): Promise<void> {
    this.#state = 'stopped';
    this.#cancelTimer?.();
    await this.#slot.close(error);
  }

  async #bringUp(): Promise<void> {
    const provider = this.provider;
    this.#error = undefined;
    this.#move('starting');
    try {
      await this.#slot.start();
    } catch (thrown) {
      const error = toGatewayError(thrown, 'start_failed', `${this.name} did not start.`);
      if (this.#slot.isCurrent(provider)) this.#fell(error);
    }
  }

  #heard(event: ProviderEvent): void {
    switch (event.type) {
      case 'qr':
      case 'pairing_code':
        return this.#pairs(event);
      case 'ready':
        this.#account = event.account;
        this.#context.bars.lift(this.#barredAs);
        this.#restarts.ready();
        return this.#move('ready');
      case 'syncing':
        return this.#move('syncing', undefined, event.percent);
      case 'interrupted':
        return this.#move('interrupted', event.reason);
      case 'down':
        return this.#fell(event.error);
      case 'action_required':
        this.#waits = event.waiting === true;
        this.#context.bars.put(this.#barredAs, barOf(this.name, event.reason));
        if (this.#waits) return this.#move(event.type, event.reason);
        return this.#ended(event.type, event.reason);
      case 'logged_out':
        return this.#ended(event.type, event.reason);
      default:
        return this.#context.onReport(this, event);
    }
  }

  #pairs(report: PairingReport): void {
    const { clock, timings, onPairing } = this.#context;
    this.#shown = report;
    if (this.#state !== 'pairing') {
      this.#move('pairing');
      this.#cancelTimer = clock.schedule(timings.pairingMs, () => this.#ended('unlinked'));
    }
    onPairing(this, report);
  }

  /** It died: comes back by itself after a wait, where that is of any use. */
  #fell(error: GatewayError): void {
    const { clock, logger } = this.#context;
    this.#error = error;
    if (this.#state === 'pairing' && error.code === 'timeout') return this.#ended('unlinked');
    if (error.code === 'profile_locked') {
      return this.#ended('action_required', 'lock_held_elsewhere');
    }
    this.#context.bars.put(this.#barredAs, barOf(this.name, error));
    if (!error.retryable) return this.#ended('failed', error.code);
    const waitMs = this.#restarts.failed(error);
    const facts = { provider: this.name, error, duration_ms: waitMs };
    logger.warn('a member went down; it is started again', facts);
    this.#letGo(error);
    this.#cancelTimer = clock.schedule(waitMs, () => void this.#bringUp());
    this.#move('restarting', error.code);
  }

  /** It is over, until a person does something. */
  #ended(state: MemberState, reason?: string): void {
    const why = `${this.name} is ${state}${reason === undefined ? '' : ` (${reason})`}.`;
    this.#context.logger.warn('a member rests', { provider: this.name, state, reason });
    this.#letGo(new GatewayError('not_ready', why));
    this.#move(state, reason);
  }

  #letGo(error: GatewayError): void {
    this.#cancelTimer?.();
    this.#waits = false;
    this.#slot.replace(error);
  }

  #move(state: MemberState, reason?: string, percent?: number): void {
    const from = this.#state;
    // The wait for a scan is over; the wait for a restart has just begun.
    if (from === 'pairing' && state !== 'restarting') this.#cancelTimer?.();
    this.#state = state;
    this.#reason = reason;
    this.#percent = percent;
    this.#context.onMoved(this, from);
  }
}
