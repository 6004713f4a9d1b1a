import type { ServerResponse } from 'node:http';
import { GatewayError } from '@blazz/core';

/**
 * Runs `work` with a signal that is aborted when nobody waits for the answer any more: the client
 * hung up, or the server drains.
 * @throws what `work` throws; `shutting_down` when it was cut short
 */
export async function waitFor<T>(
  response: ServerResponse,
  draining: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  response.once('close', abort);
  draining.addEventListener('abort', abort, { once: true });
  if (draining.aborted) abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new GatewayError(
      'shutting_down',
      'The wait was cut short: the instance stops, or the client hung up. Ask again.',
      { cause: error },
    );
  } finally {
    response.off('close', abort);
    draining.removeEventListener('abort', abort);
  }
}
