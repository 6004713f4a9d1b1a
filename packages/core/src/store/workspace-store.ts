import type { EventDraft } from '../events/event';
import type { WorkspaceConfig } from '../gateway/workspace-config';

/** The provider that a workspace was switched to, against what its configuration says. */
export interface ProviderChoice {
  /** The tenant. */
  readonly workspace_id: string;
  /** The provider that it runs on. */
  readonly provider_type: string;
  /** Who chose it: the id of a key, or a name. */
  readonly by: string;
  /** When, milliseconds since 1970. */
  readonly at: number;
}

/** Configurations of workspaces that are managed over the API. */
export interface WorkspaceStore {
  /**
   * Writes a workspace's configuration, whole, and forgets which provider it was switched to: both or
   * neither.
   */
  put(config: WorkspaceConfig): Promise<void>;
  /** A workspace's configuration. */
  get(workspaceId: string): Promise<WorkspaceConfig | undefined>;
  /** Every configuration, by id. */
  list(): Promise<readonly WorkspaceConfig[]>;
  /**
   * Forgets a workspace's configuration, and with it which provider it was switched to: both or
   * neither. Messages and events stay.
   * @returns whether there was one
   */
  delete(workspaceId: string): Promise<boolean>;
  /**
   * Keeps which provider a workspace was switched to, wherever its configuration comes from, and
   * appends the event that tells of it to the workspace's log: both or neither.
   * @param config what the workspace's configuration becomes in the same write. Default: it stays
   */
  choose(choice: ProviderChoice, event: EventDraft, config?: WorkspaceConfig): Promise<void>;
  /** Every choice. */
  choices(): Promise<readonly ProviderChoice[]>;
  /** Keeps a copy of a configuration that is managed elsewhere, for when nobody there can be asked. */
  saveCopy(config: WorkspaceConfig): Promise<void>;
  /** Forgets a copy: there is no such workspace any more. */
  deleteCopy(workspaceId: string): Promise<void>;
  /** Every copy, by id. */
  copies(): Promise<readonly WorkspaceConfig[]>;
}
