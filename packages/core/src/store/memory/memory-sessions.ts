import type { SessionRecord, SessionStore } from '../session-store';
import type { MemoryLeases } from './memory-leases';
import { snapshot } from './snapshot';

/** What is known of sessions, in memory. */
export class MemorySessions implements SessionStore {
  readonly #leases: MemoryLeases;
  readonly #workspaces = new Map<string, Map<string, SessionRecord>>();

  /** @param leases fences writes */
  constructor(leases: MemoryLeases) {
    this.#leases = leases;
  }

  /** {@inheritDoc SessionStore.save} */
  async save(record: SessionRecord, epoch?: number): Promise<void> {
    const { workspace_id: workspaceId, session_id: sessionId } = record;
    if (epoch !== undefined) this.#leases.check({ workspaceId, sessionId, epoch });
    const sessions = this.#workspaces.get(workspaceId) ?? new Map<string, SessionRecord>();
    this.#workspaces.set(workspaceId, sessions.set(sessionId, snapshot(record)));
  }

  /** {@inheritDoc SessionStore.get} */
  async get(workspaceId: string, sessionId: string): Promise<SessionRecord | undefined> {
    return this.#workspaces.get(workspaceId)?.get(sessionId);
  }

  /** {@inheritDoc SessionStore.list} */
  async list(workspaceId?: string): Promise<readonly SessionRecord[]> {
    const workspaces =
      workspaceId === undefined
        ? [...this.#workspaces.values()]
        : [this.#workspaces.get(workspaceId) ?? new Map<string, SessionRecord>()];
    return workspaces.flatMap((sessions) => [...sessions.values()]).sort(byName);
  }

  /** {@inheritDoc SessionStore.delete} */
  async delete(workspaceId: string, sessionId: string): Promise<void> {
    const sessions = this.#workspaces.get(workspaceId);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) this.#workspaces.delete(workspaceId);
  }
}

function byName(a: SessionRecord, b: SessionRecord): number {
  if (a.workspace_id !== b.workspace_id) return a.workspace_id < b.workspace_id ? -1 : 1;
  return a.session_id < b.session_id ? -1 : 1;
}
