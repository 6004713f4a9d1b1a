import { assertNotFenced, decideLease } from '../lease-rules';
import { type Lease, type LeaseStore, sessionResource } from '../lease-store';
import type { SessionFence } from '../outbox-store';

/** Leases in memory. */
export class MemoryLeases implements LeaseStore {
  readonly #leases = new Map<string, Lease>();

  /**
   * Refuses a write whose owner has a successor. A session that was never leased is not fenced.
   * @throws GatewayError `lease_lost`
   */
  check(fence: SessionFence): void {
    const resource = sessionResource(fence.workspaceId, fence.sessionId);
    assertNotFenced(this.#leases.get(resource), fence);
  }

  /** {@inheritDoc LeaseStore.acquire} */
  async acquire(
    request: Parameters<LeaseStore['acquire']>[0],
  ): Promise<{ readonly acquired: boolean; readonly lease: Lease }> {
    const decided = decideLease(this.#leases.get(request.resource), request);
    return decided.acquired ? { ...decided, lease: this.#write(decided.lease) } : decided;
  }

  /** {@inheritDoc LeaseStore.renew} */
  async renew(lease: Lease, now: number, ttlMs: number): Promise<boolean> {
    const present = this.#present(lease);
    if (present === undefined || present.expires_at === 0) return false;
    this.#write({ ...present, expires_at: now + ttlMs });
    return true;
  }

  /** {@inheritDoc LeaseStore.release} */
  async release(lease: Lease): Promise<void> {
    const present = this.#present(lease);
    if (present !== undefined) this.#write({ ...present, expires_at: 0 });
  }

  /** {@inheritDoc LeaseStore.get} */
  async get(resource: string): Promise<Lease | undefined> {
    return this.#leases.get(resource);
  }

  #present(lease: Lease): Lease | undefined {
    const present = this.#leases.get(lease.resource);
    return present?.epoch === lease.epoch ? present : undefined;
  }

  #write(lease: Lease): Lease {
    const written = Object.freeze(lease);
    this.#leases.set(lease.resource, written);
    return written;
  }
}
