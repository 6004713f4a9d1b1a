import { type GatewayError, toGatewayError } from '../errors/gateway-error';
import type { Provider } from '../provider/provider';
import type { ProviderEvent } from '../provider/provider-event';
import { follow, personNeeded } from './connection-reports';
import { endWithin } from './end-within';
import { PairingWindow, type QrCode } from './pairing-window';
import { isReport } from './provider-reports';
import { ProviderSlot } from './provider-slot';
import { Recovery } from './recovery';
import { RestartPolicy } from './restart-policy';
import type { RunnerParts } from './runner-parts';
import { Serial } from './serial';
import type { SessionContext } from './session-context';
import type { MoveFacts } from './session-journal';
import type { SessionState } from './session-state';

/**
 * Keeps one provider running for a session: takes the lease, brings a provider up in its turn,
 * follows its reports, and after a failure puts a new one in its place. Bringing up and taking
 * down happen one after the other, never at once.
 */
export class Runner {
  readonly #context: SessionContext;
  readonly #parts: RunnerParts;
  readonly #restarts: RestartPolicy;
  readonly #pairing: PairingWindow;
  readonly #recovery: Recovery;
  readonly #moves: Serial;
  #wanted = false;
  /** How many halts have been asked for and are not over: whatever fails meanwhile is theirs to clear up. */
  #halts = 0;
  readonly #slot: ProviderSlot;
  #abort = new AbortController();
  #cancelRetry: (() => void) | undefined;
  #lastError: GatewayError | undefined;

  /**
   * @param context what the session was given
   * @param parts what the runner works with
   */
  constructor(context: SessionContext, parts: RunnerParts) {
    const { clock, random, timings } = context;
    this.#context = context;
    this.#parts = parts;
    this.#slot = new ProviderSlot(context, (provider, event) => this.#heard(provider, event));
    this.#moves = new Serial((error) =>
      context.logger.error('a session could not be moved', { error }),
    );
    this.#recovery = new Recovery(context, parts.journal);
    this.#restarts = new RestartPolicy(clock, random, timings.reconnect, timings.steadyMs);
    this.#pairing = new PairingWindow(clock, timings.pairingMs, () =>
      this.#restLater('stopped', 'pairing_expired'),
    );
  }

  /** The provider: the one that runs, or the one that would. */
  get provider(): Provider {
    return this.#slot.provider;
  }

  /** Whether a provider runs, is being brought up, or waits for its next try. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** The present QR, while it works. */
  get qr(): QrCode | undefined {
    return this.#pairing.qr;
  }

  /** What went wrong last, since the session was started. */
  get lastError(): GatewayError | undefined {
    return this.#lastError;
  }

  /** Tells the provider that runs, if one does, what came in for it. */
  tell(event: ProviderEvent): void {
    this.#slot.live?.heard?.(event);
  }

  /** Wants a provider to run. Returns at once. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#restarts.reset();
    this.#lastError = undefined;
    this.#moves.later(() => this.#bringUp());
  }

  /**
   * Stops the provider and rests in a state.
   * @param finish runs on the provider once sends in flight are over, before it is stopped
   */
  async halt(
    to: SessionState,
    facts: MoveFacts = {},
    finish?: (provider: Provider) => Promise<void>,
  ): Promise<void> {
    const { drainMs } = this.#context.timings;
    const { lane, keeper } = this.#parts;
    this.#wanted = false;
    this.#halts += 1;
    this.#cancelRetry?.();
    this.#abort.abort();
    lane.close();
    await this.#moves.run(async () => {
      let rest: [SessionState, MoveFacts] = [to, facts];
      try {
        await endWithin(
          drainMs,
          this.#context,
          () => lane.drained(),
          'sends were cut off by a stop',
        );
        // Whatever is done to a session's credentials is its owner's to do.
        if (finish !== undefined) await keeper.acquire();
        await finish?.(this.provider);
      } catch (thrown) {
        const error = toGatewayError(thrown, 'provider_failed', 'The link could not be ended.');
        rest = ['stopped', { reason: 'logout_failed', error }];
        throw thrown;
      } finally {
        this.#halts -= 1;
        await this.#takeDown();
        await this.#rest(...rest);
      }
    });
  }

  /**
   * Does work that only the session's owner may do, and takes the lease for it when it is not held.
   * @throws GatewayError `lease_lost` when another instance owns the session, or what the work throws
   */
  async owned(work: () => Promise<void>): Promise<void> {
    const { keeper } = this.#parts;
    if (keeper.epoch !== undefined) return await work();
    await this.#moves.run(async () => {
      await keeper.acquire();
      try {
        await work();
      } finally {
        if (!this.#wanted) await keeper.release();
      }
    });
  }

  /** The live provider is of no more use: replaces it, with back-off. */
  down(error: GatewayError): void {
    if (!this.#wanted) return;
    const provider = this.#slot.live;
    // It may be waiting for its turn to start, which must not come.
    if (provider === undefined) return this.#abort.abort(error);
    const { journal, lane } = this.#parts;
    lane.close();
    const { type } = this.#context.factory;
    this.#context.observer.providerDown?.({ provider: type, code: error.code });
    if (journal.state === 'pairing' && error.code === 'timeout') {
      return this.#restLater('stopped', 'pairing_expired');
    }
    journal.move('reconnecting', { error });
    this.#abort.abort(error);
    this.#moves.later(async () => {
      if (this.#slot.live === provider && this.#isWanted) await this.#failed(error);
    });
  }

  async #bringUp(): Promise<void> {
    const { journal, keeper } = this.#parts;
    if (!this.#isWanted || this.#slot.live !== undefined) return;
    this.#lastError = undefined;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const epoch = await keeper.acquire();
      journal.move('starting');
      await this.#recovery.run(epoch);
      await this.#context.takeTurn(() => this.#slot.start(signal), signal);
    } catch (thrown) {
      const error = toGatewayError(thrown, 'start_failed', 'The provider did not start.');
      if (this.#isWanted) await this.#failed(error);
    }
  }

  /** Whether a provider is to run, and nobody waits to take it down. */
  get #isWanted(): boolean {
    return this.#wanted && this.#halts === 0;
  }

  #heard(provider: Provider, event: ProviderEvent): void {
    const { journal, lane, record } = this.#parts;
    if (isReport(event)) return record(event);
    // One that is being taken down has no say any more about how the session stands.
    if (this.#abort.signal.aborted) return;
    this.#lastError = personNeeded(event);
    follow(event, {
      journal,
      pairing: this.#pairing,
      open: () => {
        const providerType = this.#context.factory.type;
        this.#restarts.ready();
        this.#parts.onOpen({ provider, providerType, fence: journal.fence });
      },
      close: () => lane.close(),
      down: (error) => this.down(error),
      rest: (to, reason) => this.#restLater(to, reason),
    });
  }

  #restLater(to: SessionState, reason: string): void {
    void this.halt(to, { reason }).catch(() => undefined);
  }

  async #failed(error: GatewayError): Promise<void> {
    const { clock, logger } = this.#context;
    this.#lastError = error;
    await this.#takeDown();
    if (error.code === 'profile_locked' || !error.retryable) {
      this.#wanted = false;
      return error.code === 'profile_locked'
        ? this.#rest('action_required', { reason: 'lock_held_elsewhere', error })
        : this.#rest('failed', { reason: error.code, error });
    }
    const waitMs = this.#restarts.failed(error);
    logger.warn('the provider went down; a new one is started', { error, duration_ms: waitMs });
    if (error.code !== 'lease_lost') this.#parts.journal.move('reconnecting', { error });
    this.#parts.journal.touch();
    this.#cancelRetry = clock.schedule(waitMs, () => this.#moves.later(() => this.#bringUp()));
  }

  async #takeDown(): Promise<void> {
    this.#pairing.close();
    this.#parts.lane.close();
    await this.#slot.clear();
  }

  /** Rests in a state, and gives the lease back once everything is written, or the store is away. */
  async #rest(to: SessionState, facts: MoveFacts): Promise<void> {
    const { journal, inbox, keeper } = this.#parts;
    this.#lastError = facts.error ?? this.#lastError;
    journal.move(to, facts);
    journal.touch();
    const { drainMs } = this.#context.timings;
    const otherwise = 'a session rests before its events were written';
    await endWithin(drainMs, this.#context, () => inbox.drained(), otherwise);
    await keeper.release();
  }
}
