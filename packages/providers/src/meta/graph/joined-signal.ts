/**
 * Runs something under two signals: whichever aborts first ends it. Unlike `AbortSignal.any`, it
 * leaves nothing behind on a signal that outlives the call.
 */
export async function withJoinedSignal<T>(
  signals: readonly [AbortSignal, AbortSignal],
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  }
  try {
    return await use(controller.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}
