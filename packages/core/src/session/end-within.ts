import { GatewayError } from '../errors/gateway-error';
import { withDeadline } from '../wait';
import type { SessionContext } from './session-context';

/**
 * Waits for something to end, but not for ever. Never throws: what went wrong is for the log.
 * @param ms how long at most, in milliseconds
 * @param otherwise what the log says when it did not end, or not well
 */
export async function endWithin(
  ms: number,
  context: Pick<SessionContext, 'clock' | 'logger'>,
  end: () => Promise<void>,
  otherwise: string,
): Promise<void> {
  await withDeadline(end, {
    clock: context.clock,
    ms,
    onTimeout: () => new GatewayError('timeout', 'It did not end in time.'),
  }).catch((error: unknown) => context.logger.error(otherwise, { error }));
}
