import { GatewayError } from '../errors/gateway-error';
import type { Provider } from '../provider/provider';
import { withDeadline } from '../wait';
import type { SessionContext } from './session-context';

/** Stops a provider under a deadline. Never throws: what went wrong is for the log. */
export async function stopProvider(provider: Provider, context: SessionContext): Promise<void> {
  const { clock, timings, logger } = context;
  await withDeadline(() => provider.stop(), {
    clock,
    ms: timings.stopMs,
    onTimeout: () => new GatewayError('timeout', 'The provider did not stop in time.'),
  }).catch((error: unknown) => logger.error('a provider did not stop cleanly', { error }));
}
