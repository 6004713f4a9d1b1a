import {
  type Attempt,
  delay,
  GatewayError,
  type Logout,
  type MarkRead,
  type MediaDownload,
  type OutgoingMessage,
  type Pairing,
  type Provider,
  type ProviderCapabilities,
  type ProviderContext,
  type Reconciliation,
  type SendOutcome,
  type Typing,
  toGatewayError,
  withDeadline,
} from '@blazz/core';
import { endLink } from '../page/health';
import type { WebjsSettings } from '../settings';
import { Abilities } from './abilities';
import { capabilitiesOf } from './capabilities';
import { downEnding, type Ending, endingOf } from './ending';
import { type SessionParts, type SharedParts, sessionParts } from './session-parts';

/** How long a page that is led elsewhere gets to say where to, in milliseconds. */
const leavingMs = 2_000;
/** How often it is looked at meanwhile, in milliseconds. */
const leavingStepMs = 50;

/** One start of one session: a browser with WhatsApp Web, and what goes in and out of it. */
export class WebjsSession implements Provider {
  /** {@inheritDoc Provider.capabilities} */
  readonly capabilities: ProviderCapabilities;
  /** {@inheritDoc ProviderAbilities.pairing} */
  readonly pairing: Pairing;
  /** {@inheritDoc ProviderAbilities.logout} */
  readonly logout: Logout;
  /** {@inheritDoc ProviderAbilities.typing} */
  readonly typing: Typing;
  /** {@inheritDoc ProviderAbilities.markRead} */
  readonly markRead: MarkRead;
  /** {@inheritDoc ProviderAbilities.mediaDownload} */
  readonly mediaDownload: MediaDownload;
  /** {@inheritDoc ProviderAbilities.reconciliation} */
  readonly reconciliation: Reconciliation;
  readonly #context: ProviderContext<WebjsSettings>;
  readonly #shared: SharedParts;
  readonly #parts: SessionParts;
  #phase: 'new' | 'starting' | 'running' | 'ended' = 'new';
  #flow: { resolve(): void; reject(error: Error): void } | undefined;
  #shutDown: Promise<void> | undefined;

  /**
   * @param context names, settings, time, chance, and a way to report
   * @param shared what all sessions of the provider share
   */
  constructor(context: ProviderContext<WebjsSettings>, shared: SharedParts) {
    this.#context = context;
    this.#shared = shared;
    this.#parts = sessionParts(context, shared, {
      emit: (event) => {
        if (this.#phase !== 'ended') context.emit(event);
      },
      end: (ending) => this.#end(ending),
      onFlow: () => this.#flow?.resolve(),
    });
    const { scope, downloader, reconciler } = this.#parts;
    const abilities = new Abilities(this.#parts);
    this.capabilities = capabilitiesOf(scope.options.pace);
    this.pairing = abilities;
    this.typing = abilities;
    this.markRead = abilities;
    this.mediaDownload = downloader;
    this.reconciliation = reconciler;
    this.logout = { logout: (signal) => this.#logOut(signal) };
  }

  /** {@inheritDoc Provider.start} */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#phase !== 'new') {
      throw new GatewayError('conflict', 'A provider starts once; create another one.');
    }
    this.#phase = 'starting';
    const { scope } = this.#parts;
    try {
      await withDeadline((until) => this.#bringUp(until), {
        clock: scope.clock,
        ms: scope.options.deadlines.startMs,
        signal,
        onTimeout: () =>
          new GatewayError('timeout', 'WhatsApp Web did not come up in time; it is tried again.'),
      });
      if (this.#phase === 'starting') this.#phase = 'running';
    } catch (thrown) {
      this.#phase = 'ended';
      const what = 'WhatsApp Web could not be started; it is tried again.';
      const error = toGatewayError(thrown, 'start_failed', what);
      await this.#close(error, true);
      throw error;
    }
  }

  /** {@inheritDoc Provider.send} */
  send(message: OutgoingMessage, _attempt: Attempt, signal: AbortSignal): Promise<SendOutcome> {
    return this.#parts.sender.send(message, signal);
  }

  /** {@inheritDoc Provider.stop} */
  async stop(): Promise<void> {
    this.#phase = 'ended';
    await this.#close(new GatewayError('shutting_down', 'The session was stopped.'), false);
  }

  async #bringUp(signal: AbortSignal): Promise<void> {
    const { memory, run } = this.#parts;
    await run.prepare();
    this.#assertWanted(signal);
    await memory.load();
    this.#assertWanted(signal);
    const library = this.#shared.library();
    const browser = await this.#shared.browser();
    this.#assertWanted(signal);
    const flow = new Promise<void>((resolve, reject) => {
      this.#flow = { resolve, reject };
    });
    void run.launch(library, browser).catch((error: unknown) => this.#onLaunchFailed(error));
    await flow;
  }

  /** A stop, or a log-out, may have come while something else was waited for. */
  #assertWanted(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.#phase === 'starting') return;
    throw new GatewayError('shutting_down', 'The session was stopped while it started.');
  }

  /** The library gave up. A page that was logged out while it loaded shows it in its address. */
  async #onLaunchFailed(cause: unknown): Promise<void> {
    if (await this.#leftForLogout(cause)) {
      this.#parts.run.wipeAfterwards();
      return this.#end(endingOf('LOGOUT'));
    }
    const what = 'WhatsApp Web could not be loaded; it is tried again.';
    this.#end(downEnding(toGatewayError(cause, 'start_failed', what)));
  }

  /** A page that is led elsewhere loses its old context before its new address is known. */
  async #leftForLogout(cause: unknown): Promise<boolean> {
    const { page, scope } = this.#parts;
    const loggedOut = (): boolean => page()?.url().includes('post_logout=1') === true;
    const isLeaving = cause instanceof Error && /context was destroyed/i.test(cause.message);
    for (let waited = 0; isLeaving && !loggedOut() && waited < leavingMs; waited += leavingStepMs) {
      await delay(scope.clock, leavingStepMs);
    }
    return loggedOut();
  }

  /** Takes everything down, then tells: whoever starts anew finds nothing in the way. */
  #end(ending: Ending): void {
    if (this.#phase === 'ended') return;
    const starting = this.#phase === 'starting';
    this.#phase = 'ended';
    const { scope, memory } = this.#parts;
    scope.logger.warn('a session of WhatsApp Web ended', { error: ending.error });
    if (ending.event.type === 'logged_out') memory.unlinked();
    void this.#close(ending.error, ending.force).then(() => {
      // A start under way tells of a failure itself.
      if (!starting || ending.event.type !== 'down') this.#context.emit(ending.event);
      this.#flow?.reject(ending.error);
    });
  }

  #close(error: GatewayError, force: boolean): Promise<void> {
    this.#shutDown ??= this.#takeDown(error, force);
    return this.#shutDown;
  }

  async #takeDown(error: GatewayError, force: boolean): Promise<void> {
    const { calls, watchdog, memoryGuard, catchUp, connection, memory, run } = this.#parts;
    calls.end(error);
    watchdog.stop();
    memoryGuard.stop();
    catchUp.stop();
    connection.stop();
    // Only what was loaded is written: a profile that somebody else holds is left alone.
    await memory.flush();
    await run.close(force);
    this.#flow?.reject(error);
  }

  /** {@inheritDoc Logout.logout} */
  async #logOut(signal: AbortSignal): Promise<void> {
    const { run, memory, scope } = this.#parts;
    const fresh = this.#phase === 'new';
    // From here on the session tells nothing: its end was asked for.
    this.#phase = 'ended';
    try {
      if (fresh) {
        await run.prepare();
        await memory.load();
      }
      if (memory.isLinked && !(await this.#endLink(signal))) {
        scope.logger.warn('WhatsApp may still list the device; remove it on the phone');
      }
      run.wipeAfterwards();
    } finally {
      await this.#close(new GatewayError('shutting_down', 'The account was logged out.'), false);
    }
  }

  /**
   * Tells WhatsApp, as soon as the page is connected. Best effort: it may navigate away before it answers.
   * @returns whether WhatsApp was told for certain
   */
  async #endLink(signal: AbortSignal): Promise<boolean> {
    const { calls, scope, page } = this.#parts;
    const { clock, logger, options } = scope;
    const until = clock.monotonic() + options.deadlines.callMs;
    try {
      while (page() !== undefined && clock.monotonic() < until) {
        const ms = Math.max(1, until - clock.monotonic());
        if (await calls.page(endLink, [], ms, signal)) return true;
        await delay(clock, 250, signal);
      }
    } catch (error) {
      logger.debug('the link could not be ended in the page', { error });
    }
    return false;
  }
}
