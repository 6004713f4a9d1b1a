/** How waits grow from one failure to the next. */
export interface BackoffOptions {
  /** The first wait, in milliseconds. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * How long to wait after a number of failures in a row: doubling, and drawn at random from the
 * upper half, so that a thousand sessions that fell together do not rise together.
 * @param failures at least 1
 * @param random chance, 0 up to 1
 */
export function backoff(options: BackoffOptions, failures: number, random: () => number): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
