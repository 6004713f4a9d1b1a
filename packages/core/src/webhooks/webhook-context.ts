import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Observer } from '../observer';
import type { Store } from '../store/store';
import type { WebhookTransport } from './webhook-transport';

/** What deliveries work with. */
export interface WebhookContext {
  /** Where the log, the endpoints and what they are owed are. */
  readonly store: Store;
  /** Brings requests to endpoints. */
  readonly transport: WebhookTransport;
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}
