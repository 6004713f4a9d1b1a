import type { CancelTimer, Clock } from '@blazz/core';
import { TimerQueue } from './timer-queue';

/** Where a {@link ManualClock} begins, and how patient it is. */
export interface ManualClockOptions {
  /** Wall-clock time at the beginning, milliseconds since 1970. Default: 2026-01-01 00:00 UTC. */
  readonly now?: number;
  /** The monotonic clock at the beginning, in milliseconds. Default: 0. */
  readonly monotonic?: number;
  /**
   * How many turns of the event loop in a row must pass without a timer being set or cancelled
   * before the work behind a timer counts as settled. Default: 8. Raise it for code that
   * passes through more `setImmediate` turns than that between two timers.
   */
  readonly quietTurns?: number;
}

/** So many timers at one and the same time are a loop that time cannot end. */
const MAX_TIMERS_AT_ONE_TIME = 100_000;

/**
 * A clock that a test moves by hand. Timers fire in the order of their times, one by one, and what
 * each of them sets off (promise chains, `setImmediate`, further timers) settles before the next
 * one fires: an hour of back-off takes no time and has one outcome.
 */
export class ManualClock implements Clock {
  readonly #timers = new TimerQueue();
  readonly #quietTurns: number;
  #wall: number;
  #monotonic: number;
  #changes = 0;
  #advancing: Promise<void> = Promise.resolve();

  /** @param options where time begins; the defaults suit most tests */
  constructor(options: ManualClockOptions = {}) {
    this.#wall = options.now ?? Date.UTC(2026, 0, 1);
    this.#monotonic = options.monotonic ?? 0;
    this.#quietTurns = options.quietTurns ?? 8;
  }

  /** Wall-clock time in milliseconds since 1970: moved by {@link advance} and {@link jump}. */
  now(): number {
    return this.#wall;
  }

  /** Milliseconds on the clock that only {@link advance} moves. */
  monotonic(): number {
    return this.#monotonic;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Calls `callback` once, `ms` milliseconds of this clock from now. @returns cancels the timer */
  schedule(ms: number, callback: () => void): CancelTimer {
    this.#changes++;
    const timer = this.#timers.add(this.#monotonic + Math.max(0, ms), callback);
    return () => {
      if (this.#timers.remove(timer)) this.#changes++;
    };
  }

  /**
   * Moves the wall clock alone, as a correction by NTP or an operator would. Timers do not notice.
   * @param ms how far, in milliseconds; negative goes back
   */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /**
   * Lets time pass. Resolves when every timer due by then has fired and its work has settled.
   * A second call waits for the first. What a timer throws rejects the call; time stands at the timer.
   * @param ms how much, in milliseconds; 0 fires only what is due now
   * @throws Error when `ms` is negative, or timers at one point of time never end
   */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new Error(`Time moves forward: advance(${ms}) needs 0 or more.`);
    const done = this.#advancing.then(() => this.#advance(ms));
    this.#advancing = done.catch(() => undefined);
    return done;
  }

  /**
   * Lets time pass, timer by timer, until some work is done.
   * @param work what is waited for
   * @param maxMs give up after this much of the clock's time, in milliseconds. Default: one hour
   * @returns what the work resolved to
   * @throws Error when no timer is left, or `maxMs` has passed, and the work still is not done
   */
  async play<T>(work: Promise<T>, maxMs: number = 3_600_000): Promise<T> {
    let done = false;
    const finish = (): void => {
      done = true;
    };
    work.then(finish, finish);
    const end = this.#monotonic + maxMs;
    for (;;) {
      await this.advance(0);
      if (done) return work;
      const next = this.#timers.peek();
      if (next === undefined || next.at > end) {
        throw new Error(
          `Nothing that the clock could do finishes the work: ${this.pending} timers are set, ${maxMs} ms were allowed.`,
        );
      }
      await this.advance(next.at - this.#monotonic);
    }
  }

  async #advance(ms: number): Promise<void> {
    const target = this.#monotonic + ms;
    let fired = 0;
    await this.#settle();
    for (let due = this.#due(target); due !== undefined; due = this.#due(target)) {
      fired = due.at > this.#monotonic ? 1 : fired + 1;
      if (fired > MAX_TIMERS_AT_ONE_TIME) {
        throw new Error(
          `${MAX_TIMERS_AT_ONE_TIME} timers fired without time moving: something reschedules itself with 0 ms.`,
        );
      }
      this.#moveTo(due.at);
      this.#timers.remove(due);
      due.callback();
      await this.#settle();
    }
    this.#moveTo(target);
  }

  #due(target: number): ReturnType<TimerQueue['peek']> {
    const next = this.#timers.peek();
    return next !== undefined && next.at <= target ? next : undefined;
  }

  #moveTo(monotonic: number): void {
    if (monotonic <= this.#monotonic) return;
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }

  /** Gives everything that is on its way the turns it needs; each turn drains all microtasks. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < this.#quietTurns; quiet++) {
      const before = this.#changes;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#changes !== before) quiet = -1;
    }
  }
}
