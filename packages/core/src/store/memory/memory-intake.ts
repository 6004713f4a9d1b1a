import type { IntakeDepth, IntakeEntry, IntakeStore, QuarantinedEntry } from '../intake-store';
import { snapshot } from './snapshot';

/** What came in and was not read yet, in memory. */
export class MemoryIntake implements IntakeStore {
  /** By workspace and session, in the order in which they came. */
  readonly #waiting = new Map<string, Map<string, IntakeEntry>>();
  readonly #quarantined = new Map<string, Map<string, QuarantinedEntry>>();

  /** {@inheritDoc IntakeStore.put} */
  async put(entries: readonly IntakeEntry[]): Promise<void> {
    for (const entry of entries) {
      if (!this.#has(entry)) this.#add(snapshot(entry));
    }
  }

  /** {@inheritDoc IntakeStore.waiting} */
  async waiting(
    workspaceId: string,
    sessionId: string,
    limit: number,
  ): Promise<readonly IntakeEntry[]> {
    const own = this.#waiting.get(nameOf(workspaceId, sessionId));
    return [...(own?.values() ?? [])].slice(0, limit);
  }

  /** {@inheritDoc IntakeStore.waitingSessions} */
  async waitingSessions(): ReturnType<IntakeStore['waitingSessions']> {
    return [...this.#waiting.values()].flatMap((own) => {
      const [first] = own.values();
      if (first === undefined) return [];
      return { workspaceId: first.workspace_id, sessionId: first.session_id };
    });
  }

  /** {@inheritDoc IntakeStore.remove} */
  async remove(workspaceId: string, entryIds: readonly string[]): Promise<number> {
    return entryIds.filter((id) => this.#take(workspaceId, id) !== undefined).length;
  }

  /** {@inheritDoc IntakeStore.quarantine} */
  async quarantine(entry: QuarantinedEntry): Promise<void> {
    this.#take(entry.workspace_id, entry.entry_id);
    const own = this.#quarantined.get(entry.workspace_id) ?? new Map<string, QuarantinedEntry>();
    this.#quarantined.set(entry.workspace_id, own.set(entry.entry_id, snapshot(entry)));
  }

  /** {@inheritDoc IntakeStore.release} */
  async release(workspaceId: string, entryId: string, sessionId?: string): Promise<boolean> {
    const entry = this.#quarantined.get(workspaceId)?.get(entryId);
    if (entry === undefined) return false;
    this.#take(workspaceId, entryId);
    const { error: _, quarantined_at: __, ...rest } = entry;
    this.#add(snapshot({ ...rest, session_id: sessionId ?? rest.session_id }));
    return true;
  }

  /** {@inheritDoc IntakeStore.quarantined} */
  async quarantined(
    workspaceId: string,
    { before, limit }: Parameters<IntakeStore['quarantined']>[1],
  ): Promise<readonly QuarantinedEntry[]> {
    return [...(this.#quarantined.get(workspaceId)?.values() ?? [])]
      .filter(({ entry_id }) => before === undefined || entry_id < before)
      .sort((a, b) => (a.entry_id < b.entry_id ? 1 : -1))
      .slice(0, limit);
  }

  /** {@inheritDoc IntakeStore.depth} */
  async depth(workspaceId?: string): Promise<IntakeDepth> {
    const count = (maps: Iterable<ReadonlyMap<string, IntakeEntry>>): number =>
      [...maps]
        .flatMap((own) => [...own.values()])
        .filter((each) => workspaceId === undefined || each.workspace_id === workspaceId).length;
    return {
      waiting: count(this.#waiting.values()),
      quarantined: count(this.#quarantined.values()),
    };
  }

  /** {@inheritDoc IntakeStore.pruneQuarantined} */
  async pruneQuarantined(before: number): Promise<number> {
    let count = 0;
    for (const own of this.#quarantined.values()) {
      for (const { entry_id, quarantined_at } of own.values()) {
        if (quarantined_at < before && own.delete(entry_id)) count++;
      }
    }
    return count;
  }

  #add(entry: IntakeEntry): void {
    const name = nameOf(entry.workspace_id, entry.session_id);
    const own = this.#waiting.get(name) ?? new Map<string, IntakeEntry>();
    this.#waiting.set(name, own.set(entry.entry_id, entry));
  }

  #has({ workspace_id, session_id, entry_id }: IntakeEntry): boolean {
    const waits = this.#waiting.get(nameOf(workspace_id, session_id))?.has(entry_id);
    return waits === true || this.#quarantined.get(workspace_id)?.has(entry_id) === true;
  }

  /** Takes an entry from wherever it is. */
  #take(workspaceId: string, entryId: string): IntakeEntry | undefined {
    const aside = this.#quarantined.get(workspaceId);
    const entry = aside?.get(entryId);
    if (aside?.delete(entryId) === true) return entry;
    for (const [name, own] of this.#waiting) {
      const waiting = own.get(entryId);
      if (waiting?.workspace_id !== workspaceId) continue;
      own.delete(entryId);
      if (own.size === 0) this.#waiting.delete(name);
      return waiting;
    }
    return undefined;
  }
}

/** Ids have no blank, so that no two pairs make the same name. */
function nameOf(workspaceId: string, sessionId: string): string {
  return `${workspaceId} ${sessionId}`;
}
