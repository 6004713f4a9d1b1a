import type { Clock } from '../clock';
import { isGatewayError } from '../errors/gateway-error';
import type { Logger } from '../logger';
import { delay } from '../wait';

/** What {@link insist} works with. */
export interface InsistContext {
  /** Time, for waits between tries. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Aborted when the session is over for this process: a store that is away gets one last try. */
  readonly ended: AbortSignal;
}

/** Whether the store will not take a write, however often it is asked to. */
export function isForGood(error: unknown): boolean {
  return isGatewayError(error) && !error.retryable && error.code !== 'store_unavailable';
}

/**
 * Repeats a store call until the store takes it, 100 ms to 5 s apart: what happened must not be
 * lost to a busy disk.
 * @throws what the call throws, unless it is `store_unavailable`; that too once nobody waits any more
 */
export function insist<T>(call: () => Promise<T>, context: InsistContext): Promise<T> {
  // Nearly always the first call is taken: that costs one promise, where a loop would cost three.
  return call().catch((error: unknown) => again(error, call, context));
}

async function again<T>(
  error: unknown,
  call: () => Promise<T>,
  context: InsistContext,
): Promise<T> {
  const { clock, logger, ended } = context;
  let last = error;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    const isAway = isGatewayError(last) && last.code === 'store_unavailable';
    if (!isAway || ended.aborted) throw last;
    logger.error('the store is away; trying again', { error: last, duration_ms: waitMs });
    await delay(clock, waitMs, ended).catch(() => undefined);
    try {
      return await call();
    } catch (thrown) {
      last = thrown;
    }
  }
}
