import type { CancelTimer } from '@blazz/core';
import { decodeAccount } from '../decode/identity';
import { decodePercent } from '../decode/percent';
import { attentionKey } from '../page/attention';
import { dismissAnnouncement, kickReady, refreshQr, takeOver } from '../page/health';
import type { Verdict } from '../watchdog/health-judge';
import { downEnding, type Ending, endingOf, needsPersonEnding } from './ending';
import type { PageCalls } from './page-calls';
import { isQr, QrClock } from './qr-clock';
import type { SessionScope } from './session-scope';
import { Standing } from './standing';

/** How long an unpaired page gets to say that it was logged out, in milliseconds. */
const logoutGraceMs = 3_000;
/** How long a pairing code works; WhatsApp Web renews it then. */
const codeMs = 180_000;

/** States in which WhatsApp Web tries to come back by itself. */
const connecting: ReadonlySet<string> = new Set(['OPENING', 'UNLAUNCHED', 'PAIRING', 'TIMEOUT']);

/** After these a session does not go on as it stood before a person was waited for. */
const lasting: ReadonlySet<Verdict['act']> = new Set(['hold', 'abandoned', 'ended', 'down']);

/** What a connection works with. */
export interface ConnectionParts {
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** The library's knowledge of the account. */
  readonly info: () => unknown;
  /** Ends the run. */
  readonly end: (ending: Ending) => void;
  /** Has the page looked at, out of turn. */
  readonly nudge: () => void;
  /** Told when the page shows a QR: it is not linked. */
  readonly onUnlinked: () => void;
  /** Told at every `ready`. */
  readonly onReady: () => void;
  /** Told when loading got further. */
  readonly onProgress: () => void;
  /** Told at the first `ready`, QR or progress: events flow. */
  readonly onFlow: () => void;
}

/** Follows the link to WhatsApp, from the library's events and the watchdog's looks at the page. */
export class Connection {
  readonly #scope: SessionScope;
  readonly #parts: ConnectionParts;
  readonly #qrs = new QrClock();
  readonly #standing: Standing;
  /** Whether the library reported `ready` on the page as it stands. */
  #ready = false;
  #interrupted = false;
  /** How far the page has loaded, in percent, once it told. */
  #percent: number | undefined;
  #unpaired: CancelTimer | undefined;

  /**
   * @param scope what the parts of the session share
   * @param parts what the connection works with
   */
  constructor(scope: SessionScope, parts: ConnectionParts) {
    this.#scope = scope;
    this.#parts = parts;
    this.#standing = new Standing({ emit: scope.emit, now: () => scope.clock.now() });
  }

  /** Whether messages can be sent now. */
  get usable(): boolean {
    return this.#ready && !this.#interrupted && !this.#standing.isHeld;
  }

  /** Whether the library reported `ready` on the page as it stands. */
  get ready(): boolean {
    return this.#ready;
  }

  /** The run is over: ends every wait, and nothing can be sent any more. */
  stop(): void {
    this.#ready = false;
    this.#unpaired?.();
  }

  /** A QR, or a text that is none yet. */
  onQr(text: string): void {
    if (!isQr(text)) return;
    this.#parts.onUnlinked();
    const expiresAt = this.#qrs.expiry(this.#scope.clock.now());
    this.#standing.tell({ type: 'qr', text, expiresAt });
    this.#parts.onFlow();
  }

  /** A pairing code, new or renewed. */
  onCode(code: string): void {
    const expiresAt = this.#scope.clock.now() + codeMs;
    this.#standing.tell({ type: 'pairing_code', code, expiresAt });
  }

  /** Linked; chats are loading. */
  onAuthenticated(): void {
    if (this.#ready) return;
    const percent = this.#percent;
    this.#standing.tell({ type: 'syncing', ...(percent === undefined ? {} : { percent }) });
  }

  /** How far loading is. It may take long, which nobody has to wait for who only wants it to begin. */
  onLoading(percent: unknown): void {
    const known = decodePercent(percent);
    if (this.#ready || known === undefined || known === this.#percent) return;
    this.#percent = known;
    this.onAuthenticated();
    this.#parts.onProgress();
    this.#parts.onFlow();
  }

  /** Ready: a level, not an edge. */
  onReady(): void {
    this.#ready = true;
    this.#interrupted = false;
    this.#percent = undefined;
    this.#standing.tell({ type: 'ready', account: decodeAccount(this.#parts.info()) });
    this.#parts.onFlow();
    this.#parts.onReady();
    this.#parts.nudge();
  }

  /** The page was navigated or reloaded: the library starts anew in it. */
  onReinject(): void {
    if (this.#ready) this.#interrupt('reloading');
    this.#ready = false;
    this.#percent = undefined;
    this.#parts.nudge();
  }

  /** The connection's state changed. */
  onState(state: string): void {
    if (connecting.has(state)) this.#interrupt(state.toLowerCase());
    this.#parts.nudge();
  }

  /** WhatsApp ended the session. */
  onDisconnected(state: string): void {
    if (state === 'CONFLICT' && this.#scope.options.takeoverOnConflict) return this.#takeOver();
    // A log-out shows as UNPAIRED first: what follows tells it from a mere doubt.
    if (state.startsWith('UNPAIRED')) {
      this.#interrupt(state.toLowerCase());
      const end = (): void => this.#parts.end(endingOf(state));
      this.#unpaired ??= this.#scope.clock.schedule(logoutGraceMs, end);
      return;
    }
    this.#parts.end(endingOf(state));
  }

  /** The watchdog looked at the page. */
  onVerdict(verdict: Verdict | undefined): void {
    if (verdict !== undefined) this.#follow(verdict);
    if (verdict === undefined || !lasting.has(verdict.act)) this.#standing.release();
  }

  #follow(verdict: Verdict): void {
    const { callMs } = this.#scope.options.deadlines;
    switch (verdict.act) {
      case 'hold':
        this.#standing.hold(verdict.reason);
        return this.#parts.onFlow();
      case 'abandoned':
        return this.#parts.end(needsPersonEnding(verdict.reason));
      case 'dismiss':
        this.#scope.logger.info('an announcement of WhatsApp Web is dismissed');
        return this.#do(() => this.#parts.calls.page(dismissAnnouncement, [attentionKey], callMs));
      case 'stands':
        this.#unpaired?.();
        this.#unpaired = undefined;
        if (this.#interrupted) this.onReady();
        return;
      case 'interrupted':
        if (verdict.state === 'CONFLICT') this.#takeOver();
        else this.#interrupt(verdict.state.toLowerCase());
        return;
      case 'kick':
        this.#scope.logger.info('the page was ready before the library listened; it is told');
        return this.#do(() => this.#parts.calls.page(kickReady, [], callMs));
      case 'refresh_qr':
        this.#qrs.restart();
        return this.#do(() => this.#parts.calls.page(refreshQr, [], callMs));
      case 'ended':
        return this.onDisconnected(verdict.state);
      case 'down':
        this.#parts.end(downEnding(verdict.error));
    }
  }

  #interrupt(reason: string): void {
    if (!this.#ready || this.#interrupted) return;
    this.#interrupted = true;
    this.#standing.tell({ type: 'interrupted', reason });
  }

  #takeOver(): void {
    const { callMs } = this.#scope.options.deadlines;
    this.#interrupt('conflict');
    this.#do(() => this.#parts.calls.page(takeOver, [], callMs));
  }

  /** A failure shows at the watchdog's next look. */
  #do(call: () => Promise<unknown>): void {
    call().catch((error: unknown) => this.#scope.logger.debug('a page call failed', { error }));
  }
}
