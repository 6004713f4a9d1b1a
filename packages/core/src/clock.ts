/** Cancels a timer. Calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

/**
 * Where time comes from. Everything that waits or stamps takes one, so that a test can own time
 * (`ManualClock` of `@blazz/simulator/clock`).
 */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970-01-01 UTC. May jump; use it for stamps only. */
  now(): number;
  /** Milliseconds on a clock that never goes back. Use it for deadlines and durations. */
  monotonic(): number;
  /**
   * Calls `callback` once, `ms` milliseconds from now (0 or less: as soon as possible).
   * @returns a function that cancels the timer
   */
  schedule(ms: number, callback: () => void): CancelTimer;
}

/** The largest delay Node's timers take; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The machine's own clock. A pending timer keeps the process alive: whoever waits is waited for. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
