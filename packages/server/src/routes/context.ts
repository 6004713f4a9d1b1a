import type { Clock, Gateway } from '@blazz/core';
import type { StreamTickets } from '../stream/tickets';

/** What handlers know of the server that they run in. */
export interface RouteContext {
  /** The gateway. */
  readonly gateway: Gateway;
  /** Time. */
  readonly clock: Clock;
  /** The tickets of the event stream. */
  readonly tickets: StreamTickets;
  /** What the instance says of itself. */
  readonly about: {
    /** The name of the instance. */
    readonly instanceId: string;
    /** The version of the server. */
    readonly version: string;
  };
  /** Writes the metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** Whether new work is taken. */
  readonly isAccepting: () => boolean;
  /** The OpenAPI document. */
  readonly openapi: () => unknown;
}
