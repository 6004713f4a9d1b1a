import type { DeliveryStore } from '../delivery-store';
import type { EventStore } from '../event-store';
import type { IntakeStore } from '../intake-store';
import type { LeaseStore } from '../lease-store';
import type { NonceStore } from '../nonce-store';
import type { OutboxStore } from '../outbox-store';
import type { SessionStore } from '../session-store';
import type { Durability, Store } from '../store';
import type { WorkspaceStore } from '../workspace-store';
import { MemoryDeliveries } from './memory-deliveries';
import { MemoryEvents } from './memory-events';
import { MemoryIntake } from './memory-intake';
import { MemoryLeases } from './memory-leases';
import { MemoryNonces } from './memory-nonces';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessions } from './memory-sessions';
import { MemoryWorkspaces } from './memory-workspaces';

/**
 * A store that keeps everything in memory. It keeps every promise of the port but one: when the
 * process ends, **everything is lost**, messages that were accepted and never sent among them. For
 * tests, and for applications that keep their own outbox.
 */
export class MemoryStore implements Store {
  /** Always `process`. */
  readonly durability: Durability = 'process';
  /** {@inheritDoc Store.outbox} */
  readonly outbox: OutboxStore;
  /** {@inheritDoc Store.events} */
  readonly events: EventStore;
  /** {@inheritDoc Store.sessions} */
  readonly sessions: SessionStore;
  /** {@inheritDoc Store.leases} */
  readonly leases: LeaseStore;
  /** {@inheritDoc Store.nonces} */
  readonly nonces: NonceStore;
  /** {@inheritDoc Store.workspaces} */
  readonly workspaces: WorkspaceStore;
  /** {@inheritDoc Store.deliveries} */
  readonly deliveries: DeliveryStore;
  /** {@inheritDoc Store.intake} */
  readonly intake: IntakeStore;

  /** Makes an empty store. */
  constructor() {
    const leases = new MemoryLeases();
    const events = new MemoryEvents(leases);
    this.leases = leases;
    this.events = events;
    this.outbox = new MemoryOutbox(leases, events);
    this.sessions = new MemorySessions(leases);
    this.nonces = new MemoryNonces();
    this.workspaces = new MemoryWorkspaces(events);
    this.deliveries = new MemoryDeliveries(events);
    this.intake = new MemoryIntake();
  }

  /** There is nothing to open. */
  async start(): Promise<void> {}

  /** There is nothing to close. What is kept stays until the object is let go, and `start` goes on with it. */
  async stop(): Promise<void> {}

  /** {@inheritDoc MemoryStore.stop} */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
