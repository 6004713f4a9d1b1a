import {
  type Acquisition,
  type Lease,
  type LeaseStore,
  type SessionFence,
  sessionResource,
} from '@blazz/core';
import { assertNotFenced, decideLease } from '@blazz/core/adapters';
import type { Committer, Part } from './committer';
import type { Database } from './database';

/** Leases on disk, each in memory once it was asked for: every write of a session looks at one. */
export class SqliteLeases implements LeaseStore, Part {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #known = new Map<string, Lease | undefined>();

  /**
   * @param database where they are
   * @param committer what writes go through
   */
  constructor(database: Database, committer: Committer) {
    this.#database = database;
    this.#committer = committer;
  }

  /**
   * Refuses a write whose owner has a successor. A session that was never leased is not fenced.
   * @throws GatewayError `lease_lost`
   */
  check(fence: SessionFence): void {
    assertNotFenced(this.#find(sessionResource(fence.workspaceId, fence.sessionId)), fence);
  }

  /** {@inheritDoc LeaseStore.acquire} */
  acquire(request: Parameters<LeaseStore['acquire']>[0]): Promise<Acquisition> {
    return this.#committer.write(() => {
      const decided = decideLease(this.#find(request.resource), request);
      if (decided.acquired) this.#put(decided.lease);
      return decided;
    });
  }

  /** {@inheritDoc LeaseStore.renew} */
  renew(lease: Lease, now: number, ttlMs: number): Promise<boolean> {
    return this.#committer.write(() => {
      const present = this.#present(lease);
      if (present === undefined || present.expires_at === 0) return false;
      this.#put({ ...present, expires_at: now + ttlMs });
      return true;
    });
  }

  /** {@inheritDoc LeaseStore.release} */
  release(lease: Lease): Promise<void> {
    return this.#committer.write(() => {
      const present = this.#present(lease);
      if (present !== undefined) this.#put({ ...present, expires_at: 0 });
    });
  }

  /** {@inheritDoc LeaseStore.get} */
  get(resource: string): Promise<Lease | undefined> {
    return this.#committer.read(() => this.#find(resource));
  }

  /** There is nothing left to write. */
  flush(): void {}

  /** {@inheritDoc Part.reset} */
  reset(): void {
    this.#known.clear();
  }

  #present(lease: Lease): Lease | undefined {
    const present = this.#find(lease.resource);
    return present?.epoch === lease.epoch ? present : undefined;
  }

  #find(resource: string): Lease | undefined {
    if (this.#known.has(resource)) return this.#known.get(resource);
    const row = this.#database
      .prepare('SELECT lease FROM leases WHERE resource = ?')
      .get([resource]);
    const lease = row === undefined ? undefined : (JSON.parse(String(row[0])) as Lease);
    this.#known.set(resource, lease);
    return lease;
  }

  #put(lease: Lease): Lease {
    this.#known.set(lease.resource, lease);
    this.#database
      .prepare('INSERT OR REPLACE INTO leases VALUES (?, ?)')
      .run([lease.resource, JSON.stringify(lease)]);
    return lease;
  }
}
