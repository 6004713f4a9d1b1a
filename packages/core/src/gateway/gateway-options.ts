import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Observer } from '../observer';
import type { ProviderFactory } from '../provider/provider';
import type { SessionTimings } from '../session/session-context';
import type { Store } from '../store/store';
import type { WebhookTransport } from '../webhooks/webhook-transport';
import type { RetentionOptions } from './retention';
import type { WorkspaceSource } from './workspace-source';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** Where state lives. `new MemoryStore()` keeps nothing over a restart. */
  readonly store: Store;
  /** The ways to reach WhatsApp. */
  readonly providers: readonly ProviderFactory[];
  /** Workspaces beside those that are managed over the API; these win. Default: none. */
  readonly workspaces?: WorkspaceSource;
  /** The name under which this instance holds leases. Keep it over restarts. Default: a random one. */
  readonly instanceId?: string;
  /** How many sessions are brought up at the same time. Default: 2. */
  readonly maxStartsAtOnce?: number;
  /** How long things may take. Default: {@link defaultSessionTimings}. */
  readonly timings?: Partial<SessionTimings>;
  /** How much of the past is kept. Default: {@link defaultRetention}. */
  readonly retention?: Partial<RetentionOptions>;
  /** Brings webhooks to endpoints; `undiciTransport` of `@blazz/server`, or one of your own. Default: no webhooks. */
  readonly webhooks?: WebhookTransport;
  /** Time. Default: the machine's. */
  readonly clock?: Clock;
  /** Chance, 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Log lines. Default: none. */
  readonly logger?: Logger;
  /** Metrics. Default: none. */
  readonly observer?: Observer;
}
