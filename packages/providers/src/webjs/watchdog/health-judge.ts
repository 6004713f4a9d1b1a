import { GatewayError } from '@blazz/core';
import type { PageSample } from '../page/health';
import { AttentionJudge } from './attention-judge';

/** How long something may last before it is judged, in milliseconds. */
export interface HealthLimits {
  /** How many looks in a row may go unanswered. */
  readonly missedProbes: number;
  /** How long the connection may stand without the library noticing before it is told. */
  readonly kickMs: number;
  /** How long the page may be connecting (OPENING, PAIRING, TIMEOUT). */
  readonly connectingMs: number;
  /** How long the connection may stand before `ready` without loading getting any further. */
  readonly syncingMs: number;
  /** How long an unlinked page may show QR codes, or wait for a person before it is ready. */
  readonly pairingMs: number;
  /** How long a dialogue, or a question for a passkey, must lie over the page before a person is called. */
  readonly attentionMs: number;
}

/** What a judge may do by itself. */
export interface HealthPolicy {
  /** Whether a conflict is a wait for the account to come back, not an end. */
  readonly takeover: boolean;
  /** Whether announcements are dismissed. */
  readonly dismiss: boolean;
}

/** What a look at the page showed, and what is known besides. */
export interface Observation extends PageSample {
  /** Whether the library reported `ready` on the page as it stands, so not before a reload. */
  readonly ready: boolean;
}

/** What follows from a look at the page. */
export type Verdict =
  /** Tell the library that the page is synchronised. */
  | { readonly act: 'kick' }
  /** Ask for new QR codes. */
  | { readonly act: 'refresh_qr' }
  /** The page stands as it does after `ready`. */
  | { readonly act: 'stands' }
  /** The page waits for a person; it stays as it is. */
  | { readonly act: 'hold'; readonly reason: 'passkey' | 'modal' }
  /** Nobody came. */
  | { readonly act: 'abandoned'; readonly reason: 'passkey' | 'modal' }
  /** Press the one button of an announcement. */
  | { readonly act: 'dismiss' }
  /** WhatsApp is not connected for now. */
  | { readonly act: 'interrupted'; readonly state: string }
  /** WhatsApp ended the session with this state. */
  | { readonly act: 'ended'; readonly state: string }
  /** The provider is of no more use. */
  | { readonly act: 'down'; readonly error: GatewayError };

const connecting: ReadonlySet<string> = new Set(['OPENING', 'UNLAUNCHED', 'PAIRING', 'TIMEOUT']);
const unlinked: ReadonlySet<string> = new Set(['UNPAIRED', 'UNPAIRED_IDLE']);

/** What a page is doing, as far as it has a limit. */
type Phase = 'loading' | 'connecting' | 'syncing' | 'unlinked' | 'standing' | 'refused';

/** Judges a page by what repeated looks at it show. Knows no browser and no timer. */
export class HealthJudge {
  readonly #limits: HealthLimits;
  readonly #takeover: boolean;
  readonly #attention: AttentionJudge;
  #missed = 0;
  /** Whether the application ever ran: until then, the start's own deadline counts. */
  #booted = false;
  #phase: Phase = 'loading';
  #since = 0;
  #unlinkedSince: number | undefined;
  #syncedSince: number | undefined;

  /**
   * @param limits how long what may last
   * @param policy what it may do by itself
   */
  constructor(limits: HealthLimits, { takeover, dismiss }: HealthPolicy) {
    this.#limits = limits;
    this.#takeover = takeover;
    this.#attention = new AttentionJudge({ attentionMs: limits.attentionMs, dismiss });
  }

  /** Whether something lies over the page that may pass yet: worth an early look. */
  get wavers(): boolean {
    return this.#attention.wavers;
  }

  /**
   * Judges one look.
   * @param sample what it showed; `undefined` when the page did not answer
   * @param now milliseconds on a clock that never goes back
   */
  judge(sample: Observation | undefined, now: number): Verdict | undefined {
    if (sample === undefined) return this.#unanswered();
    this.#missed = 0;
    this.#booted ||= sample.state !== null;
    if (!this.#booted) return undefined;
    // An application that is gone again is one that loads: a reload, or a page led elsewhere.
    const state = sample.state ?? 'OPENING';
    const contested = state === 'CONFLICT' && this.#takeover;
    this.#enter(contested ? 'connecting' : phaseOf(state, sample), now);
    if (sample.synced && !sample.injected && state === 'CONNECTED') this.#syncedSince ??= now;
    else this.#syncedSince = undefined;
    return this.#waitsForPerson(sample, now) ?? this.#judgePhase(sample, state, now);
  }

  #judgePhase(sample: Observation, state: string, now: number): Verdict | undefined {
    switch (this.#phase) {
      case 'standing':
        return { act: 'stands' };
      case 'connecting':
        return this.#connecting(state, now);
      case 'unlinked':
        return this.#unlinked(sample, state, now);
      case 'syncing':
        return this.#syncing(now);
      default:
        return { act: 'ended', state };
    }
  }

  /** The application runs, as its events prove: from now on it has to answer. */
  booted(): void {
    this.#booted = true;
  }

  /** Loading got further: however long it takes, it is not stuck. */
  progressed(now: number): void {
    if (this.#phase === 'syncing') this.#since = now;
  }

  /** While somebody is waited for, nothing else has a limit; an end that WhatsApp brought counts more. */
  #waitsForPerson({ attention, ready }: Observation, now: number): Verdict | undefined {
    if (this.#phase === 'refused') return undefined;
    const wanted = this.#attention.judge(attention, now);
    if (wanted === undefined) return undefined;
    if (wanted === 'dismiss') return { act: 'dismiss' };
    const abandoned = !ready && this.#attention.heldFor(now) >= this.#limits.pairingMs;
    if (abandoned) return { act: 'abandoned', reason: wanted };
    this.#since = now;
    if (this.#unlinkedSince !== undefined) this.#unlinkedSince = now;
    return { act: 'hold', reason: wanted };
  }

  #unanswered(): Verdict | undefined {
    if (!this.#booted) return undefined;
    this.#missed += 1;
    if (this.#missed < this.#limits.missedProbes) return undefined;
    return down('provider_failed', 'The page does not answer any more; it is started again.');
  }

  #enter(phase: Phase, now: number): void {
    if (phase !== this.#phase) this.#since = now;
    this.#phase = phase;
    if (phase === 'unlinked') this.#unlinkedSince ??= now;
    else if (phase !== 'connecting') this.#unlinkedSince = undefined;
  }

  #connecting(state: string, now: number): Verdict {
    if (now - this.#since < this.#limits.connectingMs) return { act: 'interrupted', state };
    return down('provider_failed', 'WhatsApp could not be reached in time; it is tried again.');
  }

  #unlinked(sample: Observation, state: string, now: number): Verdict | undefined {
    // It was linked a moment ago.
    if (sample.ready) return { act: 'ended', state };
    if (now - (this.#unlinkedSince ?? now) >= this.#limits.pairingMs) {
      return down('timeout', 'Nobody scanned the QR in time; ask for a new one.');
    }
    return state === 'UNPAIRED_IDLE' ? { act: 'refresh_qr' } : undefined;
  }

  #syncing(now: number): Verdict | undefined {
    if (this.#syncedSince !== undefined && now - this.#syncedSince >= this.#limits.kickMs) {
      this.#syncedSince = now;
      return { act: 'kick' };
    }
    if (now - this.#since < this.#limits.syncingMs) return undefined;
    return down('provider_failed', 'WhatsApp connected but never got ready; it is started again.');
  }
}

function phaseOf(state: string, { synced, ready }: Observation): Phase {
  if (connecting.has(state)) return 'connecting';
  if (unlinked.has(state)) return 'unlinked';
  if (state !== 'CONNECTED') return 'refused';
  return synced && ready ? 'standing' : 'syncing';
}

function down(code: 'provider_failed' | 'timeout', message: string): Verdict {
  return { act: 'down', error: new GatewayError(code, message) };
}
