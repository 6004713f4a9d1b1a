import { type CancelTimer, type Clock, GatewayError, withDeadline } from '@blazz/core';
import {
  HealthJudge,
  type HealthLimits,
  type HealthPolicy,
  type Observation,
  type Verdict,
} from './health-judge';

/** How often, and how patiently, a page is looked at. */
export interface WatchdogLimits extends HealthLimits {
  /** Pause between two looks at a page that stands, in milliseconds. */
  readonly probeMs: number;
  /** Pause between two looks until it does, in milliseconds. */
  readonly eagerProbeMs: number;
  /** Pause between two measurements of the browser's memory, in milliseconds. */
  readonly memoryProbeMs: number;
  /** How long a look may take, in milliseconds. */
  readonly probeTimeoutMs: number;
}

/** What a watchdog needs. */
export interface WatchdogContext {
  /** Time. */
  readonly clock: Clock;
  /** How often, and how patiently. */
  readonly limits: WatchdogLimits;
  /** Looks at the page. Rejects or hangs when it cannot. */
  readonly observe: () => Promise<Observation>;
  /** What follows by itself. */
  readonly policy: HealthPolicy;
  /** Told what follows; nothing, when a page that answers is on its way. */
  readonly onVerdict: (verdict: Verdict | undefined) => void;
}

/**
 * Looks at a page over and over. WhatsApp Web tells nothing of a hung, stopped or half-loaded page,
 * so somebody has to ask.
 */
export class Watchdog {
  readonly #context: WatchdogContext;
  readonly #judge: HealthJudge;
  #running = false;
  #eager = true;
  #cancel: CancelTimer | undefined;

  /** @param context what the watchdog needs */
  constructor(context: WatchdogContext) {
    this.#context = context;
    this.#judge = new HealthJudge(context.limits, context.policy);
  }

  /** Begins to look. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#plan();
  }

  /** Events came out of the page: from now on it has to answer. */
  booted(): void {
    this.#judge.booted();
  }

  /** The page got further with loading. */
  progressed(): void {
    this.#judge.progressed(this.#context.clock.monotonic());
  }

  /** Looks at once, out of turn: something happened. */
  nudge(): void {
    if (!this.#running || this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    void this.#look();
  }

  /** Stops for good. Idempotent. */
  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #plan(): void {
    const { clock, limits } = this.#context;
    this.#cancel = clock.schedule(this.#eager ? limits.eagerProbeMs : limits.probeMs, () => {
      this.#cancel = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { clock, limits, observe, onVerdict } = this.#context;
    const seen = await withDeadline(() => observe(), {
      clock,
      ms: limits.probeTimeoutMs,
      onTimeout: () => new GatewayError('timeout', 'The page did not answer; it is asked again.'),
    }).catch(() => undefined);
    if (!this.#running) return;
    const verdict = this.#judge.judge(seen, clock.monotonic());
    const calm = verdict?.act === 'stands' || verdict?.act === 'hold';
    this.#eager = !calm || this.#judge.wavers;
    if (seen !== undefined || verdict !== undefined) onVerdict(verdict);
    if (this.#running) this.#plan();
  }
}
