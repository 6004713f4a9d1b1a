import type { Clock } from './clock';

/**
 * Resolves after `ms` milliseconds of `clock`.
 * @throws the signal's reason when `signal` is aborted first
 */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** What {@link withDeadline} needs to know. */
export interface DeadlineOptions {
  /** The clock that measures the deadline. */
  readonly clock: Clock;
  /** How long the work may take, in milliseconds, from the call. */
  readonly ms: number;
  /** Makes the error that the work is abandoned with. */
  readonly onTimeout: () => Error;
  /** Ends the wait early; the work is abandoned with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` and gives up after a deadline. The work gets a signal that is aborted when the
 * deadline passes or the caller's own signal is; work that ignores it goes on unobserved, and its
 * late rejection is swallowed here on purpose: the caller was already told.
 * @throws the error of `onTimeout`, the caller's abort reason, or what `work` throws
 */
export function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions,
): Promise<T> {
  const { clock, ms, onTimeout, signal } = options;
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const settle = (): void => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      controller.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const cancel = clock.schedule(ms, () => giveUp(onTimeout()));
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    try {
      work(controller.signal).then((value) => {
        settle();
        resolve(value);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}
