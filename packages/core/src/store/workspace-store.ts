import type { WorkspaceConfig } from '../gateway/workspace-config';

/** Configurations of workspaces that are managed over the API. */
export interface WorkspaceStore {
  /** Writes a workspace's configuration, whole. */
  put(config: WorkspaceConfig): Promise<void>;
  /** A workspace's configuration. */
  get(workspaceId: string): Promise<WorkspaceConfig | undefined>;
  /** Every configuration, by id. */
  list(): Promise<readonly WorkspaceConfig[]>;
  /**
   * Forgets a workspace's configuration. Messages and events stay.
   * @returns whether there was one
   */
  delete(workspaceId: string): Promise<boolean>;
}
