/** How waits grow from one failure to the next. */
export interface RetryDelayOptions {
  /** The ceiling of the first wait, in milliseconds. It doubles with every further failure. */
  readonly baseMs: number;
  /** The highest ceiling, in milliseconds. */
  readonly maxMs: number;
}

/**
 * How long to wait after a number of failures in a row, in milliseconds: anything up to the
 * ceiling, so that clients that failed together do not come back together.
 * @param failures at least 1
 * @param random chance, 0 up to 1
 */
export function retryDelay(
  options: RetryDelayOptions,
  failures: number,
  random: () => number,
): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling * random());
}
