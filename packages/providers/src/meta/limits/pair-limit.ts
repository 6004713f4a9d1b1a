import { Hold } from './hold';

/** What one message costs its pair, in milliseconds. */
const slotMs = 6_000;
/** The most messages of one burst. */
const burst = 45;
/** How long a burst may last, in milliseconds: shorter than Meta's six seconds, since its clock starts later. */
const burstMs = 5_500;
/** Added to each wait, in milliseconds, since messages reach Meta after they left. */
const marginMs = 250;
/** How many pairs are remembered before those that are free again are dropped. */
const sweepAt = 1_024;
/** The longest punishment: 4^5 seconds. */
const maxStep = 5;

interface Pair {
  /** When the burst began. */
  readonly from: number;
  /** How many messages it has. */
  count: number;
  /** Until when Meta wants no message, whatever the count. */
  punishedUntil: number;
  /** How often in a row Meta refused. */
  step: number;
  /** The send to it that waits, once one had to. */
  hold: Hold<HoldCause> | undefined;
}

/** Why a send waits: the ordinary pace, or a refusal. */
export type HoldCause = 'rate' | 'refusal';

/**
 * Messages of one number to each recipient: one every 6 seconds. A burst of up to 45 borrows from
 * what follows, so that after 20 at once the pair waits two minutes.
 */
export class PairLimit {
  readonly #pairs = new Map<string, Pair>();
  #sweepAt = sweepAt;

  /** How many recipients have to wait, or are in a burst. */
  get size(): number {
    return this.#pairs.size;
  }

  /** How long until a recipient may be sent to, in milliseconds. */
  waitMs(key: string, now: number): number {
    const pair = this.#pairs.get(key);
    if (pair === undefined) return 0;
    const punished = Math.max(0, pair.punishedUntil - now);
    const isBurst = now < pair.from + burstMs && pair.count < burst;
    const paced = isBurst ? 0 : Math.max(0, freeAt(pair) - now);
    const waitMs = Math.max(punished, paced);
    if (waitMs > 0) pair.hold ??= new Hold();
    pair.hold?.asked(now, waitMs, () => (punished > paced ? 'refusal' : 'rate'));
    return waitMs;
  }

  /**
   * Takes one message's place.
   * @returns why and how long the message was held, if it was
   */
  took(key: string, now: number): ReturnType<Hold<HoldCause>['took']> {
    const pair = this.#pairs.get(key);
    const held = pair?.hold?.took(now);
    if (pair !== undefined && now < freeAt(pair)) {
      pair.count += 1;
      return held;
    }
    this.#pairs.set(key, {
      from: now,
      count: 1,
      punishedUntil: pair?.punishedUntil ?? 0,
      step: pair?.step ?? 0,
      hold: pair?.hold,
    });
    this.#sweep(now);
    return held;
  }

  /**
   * Meta refused one: the pair waits 4^X seconds.
   * @returns how long, in milliseconds
   */
  refused(key: string, now: number): number {
    const pair = this.#pairs.get(key) ?? emptyPair(now);
    const ms = 4 ** pair.step * 1_000;
    pair.punishedUntil = now + ms;
    pair.step = Math.min(maxStep, pair.step + 1);
    this.#pairs.set(key, pair);
    return ms;
  }

  /** Meta took one: the next refusal begins with a second again. */
  accepted(key: string): void {
    const pair = this.#pairs.get(key);
    if (pair !== undefined) pair.step = 0;
  }

  /** A campaign to a million people must not leave a million pairs behind. */
  #sweep(now: number): void {
    if (this.#pairs.size < this.#sweepAt) return;
    for (const [key, pair] of this.#pairs) {
      if (now >= freeAt(pair) && now >= pair.punishedUntil) this.#pairs.delete(key);
    }
    this.#sweepAt = Math.max(sweepAt, this.#pairs.size * 2);
  }
}

function emptyPair(now: number): Pair {
  return { from: now, count: 0, punishedUntil: 0, step: 0, hold: undefined };
}

function freeAt(pair: Pair): number {
  return pair.from + pair.count * slotMs + marginMs;
}
