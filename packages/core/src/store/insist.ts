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

/**
 * Repeats a store call until the store takes it, 100 ms to 5 s apart: what happened must not be
 * lost to a busy disk.
 * @throws what the call throws, unless it is `store_unavailable`; that too once nobody waits any more
 */
export async function insist<T>(call: () => Promise<T>, context: InsistContext): Promise<T> {
  const { clock, logger, ended } = context;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await call();
    } catch (error) {
      const isAway = isGatewayError(error) && error.code === 'store_unavailable';
      if (!isAway || ended.aborted) throw error;
      logger.error('the store is away; trying again', { error, duration_ms: waitMs });
      await delay(clock, waitMs, ended).catch(() => undefined);
    }
  }
}
