import type { WorkspaceStore } from '../store/workspace-store';
import { parseWorkspaceConfig, type WorkspaceConfig } from './workspace-config';

/** Where the configuration of workspaces comes from. */
export interface WorkspaceSource {
  /** A workspace's configuration; `undefined` when there is no such workspace. */
  get(workspaceId: string): Promise<WorkspaceConfig | undefined>;
  /** Every workspace that is known without being asked for: those whose sessions start by themselves. */
  list(): Promise<readonly WorkspaceConfig[]>;
}

/**
 * Workspaces given in code.
 * @throws GatewayError `invalid_config` when one is malformed
 */
export function staticWorkspaces(configs: readonly unknown[]): WorkspaceSource {
  const byId = new Map(
    configs
      .map((config) => parseWorkspaceConfig(config))
      .map((config) => [config.workspace_id, config]),
  );
  return {
    get: async (workspaceId) => byId.get(workspaceId),
    list: async () => [...byId.values()],
  };
}

/** Workspaces kept in the store and managed over the API. */
export function storedWorkspaces(store: WorkspaceStore): WorkspaceSource {
  return { get: (workspaceId) => store.get(workspaceId), list: () => store.list() };
}

/** Several sources as one: the first that knows a workspace wins. */
export function firstOf(sources: readonly WorkspaceSource[]): WorkspaceSource {
  return {
    async get(workspaceId) {
      for (const source of sources) {
        const config = await source.get(workspaceId);
        if (config !== undefined) return config;
      }
      return undefined;
    },
    async list() {
      const byId = new Map<string, WorkspaceConfig>();
      for (const source of sources) {
        for (const config of await source.list()) {
          if (!byId.has(config.workspace_id)) byId.set(config.workspace_id, config);
        }
      }
      return [...byId.values()];
    },
  };
}
