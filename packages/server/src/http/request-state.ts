import type { CheckedHead } from '@blazz/core/signing';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller';

/** What the hooks learn of one request on its way to the handler. */
export interface RequestState {
  /** The signature's head, checked before the body was read. */
  head: CheckedHead | undefined;
  /** Who made the request, once that is certain. */
  caller: Caller | undefined;
  /** Resolves when the request cannot come again, whatever dies: it is answered then. */
  kept: Promise<void> | undefined;
  /** When it came, in milliseconds of the monotonic clock. */
  readonly startedAt: number;
}

/** Under which name requests carry their state. */
export const stateKey = 'blazz';

/** The state of a request. */
export function stateOf(request: FastifyRequest): RequestState {
  return (request as unknown as Record<typeof stateKey, RequestState>)[stateKey];
}
