import type { DeliveryStore } from './delivery-store';
import type { EventStore } from './event-store';
import type { IntakeStore } from './intake-store';
import type { LeaseStore } from './lease-store';
import type { NonceStore } from './nonce-store';
import type { OutboxStore } from './outbox-store';
import type { SessionStore } from './session-store';
import type { WorkspaceStore } from './workspace-store';

/** What survives what, from the least to the most. */
export type Durability =
  /** Everything is lost when the process ends. */
  | 'process'
  /** What was answered survives the process and a power cut. */
  | 'disk'
  /** What was answered survives the process; a crash of the store's server may lose its last moments. */
  | 'server';

/**
 * Where a gateway keeps its state: a bundle of small ports over one connection. What must be atomic
 * is one call of the port that owns it. Every promise resolves only once the write is as durable as
 * {@link Store.durability} says. Adapters pass the exported contract suite unchanged.
 */
export interface Store extends AsyncDisposable {
  /** What survives. */
  readonly durability: Durability;
  /** Messages owed to WhatsApp. */
  readonly outbox: OutboxStore;
  /** The event log. */
  readonly events: EventStore;
  /** What is known of sessions. */
  readonly sessions: SessionStore;
  /** Who owns a session. */
  readonly leases: LeaseStore;
  /** Nonces of signed requests. */
  readonly nonces: NonceStore;
  /** Configurations of workspaces. */
  readonly workspaces: WorkspaceStore;
  /** Webhook endpoints, and what they have yet to take. */
  readonly deliveries: DeliveryStore;
  /** What came in from outside and was not read yet. */
  readonly intake: IntakeStore;
  /**
   * Opens the store. Called once before anything else.
   * @throws GatewayError `store_unavailable`, with the fix
   */
  start(): Promise<void>;
  /** Writes what is pending and closes. Idempotent. */
  stop(): Promise<void>;
}
