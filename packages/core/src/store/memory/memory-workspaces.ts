import type { WorkspaceConfig } from '../../gateway/workspace-config';
import type { WorkspaceStore } from '../workspace-store';
import { snapshot } from './snapshot';

/** Configurations of workspaces, in memory. */
export class MemoryWorkspaces implements WorkspaceStore {
  readonly #configs = new Map<string, WorkspaceConfig>();

  /** {@inheritDoc WorkspaceStore.put} */
  async put(config: WorkspaceConfig): Promise<void> {
    this.#configs.set(config.workspace_id, snapshot(config));
  }

  /** {@inheritDoc WorkspaceStore.get} */
  async get(workspaceId: string): Promise<WorkspaceConfig | undefined> {
    return this.#configs.get(workspaceId);
  }

  /** {@inheritDoc WorkspaceStore.list} */
  async list(): Promise<readonly WorkspaceConfig[]> {
    return [...this.#configs.values()].sort((a, b) => (a.workspace_id < b.workspace_id ? -1 : 1));
  }

  /** {@inheritDoc WorkspaceStore.delete} */
  async delete(workspaceId: string): Promise<boolean> {
    return this.#configs.delete(workspaceId);
  }
}
