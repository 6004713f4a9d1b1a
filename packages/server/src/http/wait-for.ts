import type { ServerResponse } from 'node:http';

/**
 * Runs `work` with a signal that is aborted when nobody waits for the answer any more: the client
 * hung up, or the server drains.
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
  } finally {
    response.off('close', abort);
    draining.removeEventListener('abort', abort);
  }
}
