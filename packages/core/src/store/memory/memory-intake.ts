import type {
  IntakeDepth,
  IntakeEntry,
  IntakeStore,
  QuarantinedEntry,
  ReleaseTo,
  WaitingSession,
} from '../intake-store';
import { IntakeShelf } from './intake-shelf';
import { snapshot } from './snapshot';

/** What came in and was not read yet, in memory. */
export class MemoryIntake implements IntakeStore {
  readonly #shelves = new Map<string, IntakeShelf>();

  /** {@inheritDoc IntakeStore.put} */
  async put(entries: readonly IntakeEntry[]): Promise<void> {
    for (const entry of entries) {
      const shelf = this.#shelf(entry.workspace_id);
      if (!shelf.has(entry.entry_id)) shelf.add(snapshot(entry));
    }
  }

  /** {@inheritDoc IntakeStore.waiting} */
  async waiting(
    workspaceId: string,
    sessionId: string,
    limit: number,
  ): Promise<readonly IntakeEntry[]> {
    return this.#shelves.get(workspaceId)?.waiting(sessionId, limit) ?? [];
  }

  /** {@inheritDoc IntakeStore.waitingSessions} */
  async waitingSessions(): Promise<readonly WaitingSession[]> {
    return [...this.#shelves].flatMap(([workspaceId, shelf]) =>
      [...shelf.waitingSessions].map((sessionId) => ({ workspaceId, sessionId })),
    );
  }

  /** {@inheritDoc IntakeStore.remove} */
  async remove(workspaceId: string, entryIds: readonly string[]): Promise<number> {
    const shelf = this.#shelves.get(workspaceId);
    return entryIds.filter((id) => shelf?.remove(id)).length;
  }

  /** {@inheritDoc IntakeStore.quarantine} */
  async quarantine(entry: QuarantinedEntry): Promise<void> {
    this.#shelf(entry.workspace_id).setAside(snapshot(entry));
  }

  /** {@inheritDoc IntakeStore.release} */
  async release(workspaceId: string, entryId: string, to: ReleaseTo = {}): Promise<boolean> {
    const shelf = this.#shelves.get(workspaceId);
    const entry = shelf?.takeBack(entryId);
    if (shelf === undefined || entry === undefined) return false;
    const { error: _, quarantined_at: __, account: ___, proof: ____, ...rest } = entry;
    const released = {
      ...rest,
      workspace_id: to.workspaceId ?? rest.workspace_id,
      session_id: to.sessionId ?? rest.session_id,
      source: to.source ?? rest.source,
    };
    this.#shelf(released.workspace_id).add(snapshot(released));
    return true;
  }

  /** {@inheritDoc IntakeStore.discard} */
  async discard(workspaceId: string, entryId: string): Promise<boolean> {
    return this.#shelves.get(workspaceId)?.takeBack(entryId) !== undefined;
  }

  /** {@inheritDoc IntakeStore.quarantined} */
  async quarantined(
    workspaceId: string,
    { before, limit }: Parameters<IntakeStore['quarantined']>[1],
  ): Promise<readonly QuarantinedEntry[]> {
    return this.#shelves.get(workspaceId)?.aside(before, limit) ?? [];
  }

  /** {@inheritDoc IntakeStore.unclaimedAccounts} */
  async unclaimedAccounts({
    after = '',
    limit,
  }: Parameters<IntakeStore['unclaimedAccounts']>[0]): Promise<readonly string[]> {
    return this.#shelves.get('')?.accounts(after, limit) ?? [];
  }

  /** {@inheritDoc IntakeStore.unclaimed} */
  async unclaimed(
    account: string,
    { after = '', limit }: Parameters<IntakeStore['unclaimed']>[1],
  ): Promise<readonly QuarantinedEntry[]> {
    return this.#shelves.get('')?.about(account, after, limit) ?? [];
  }

  /** {@inheritDoc IntakeStore.depth} */
  async depth(workspaceId?: string): Promise<IntakeDepth> {
    const sum = { waiting: 0, quarantined: 0 };
    if (workspaceId !== undefined) return this.#shelves.get(workspaceId)?.depth ?? sum;
    for (const { depth } of this.#shelves.values()) {
      sum.waiting += depth.waiting;
      sum.quarantined += depth.quarantined;
    }
    return sum;
  }

  /** {@inheritDoc IntakeStore.pruneQuarantined} */
  async pruneQuarantined(before: number, limit: number): Promise<number> {
    let count = 0;
    for (const shelf of this.#shelves.values()) {
      if (count === limit) break;
      count += shelf.prune(before, limit - count);
    }
    return count;
  }

  #shelf(workspaceId: string): IntakeShelf {
    const shelf = this.#shelves.get(workspaceId) ?? new IntakeShelf();
    this.#shelves.set(workspaceId, shelf);
    return shelf;
  }
}
