import { GatewayError } from '../errors/gateway-error';
import type { WorkspaceStore } from '../store/workspace-store';
import { parseWorkspaceConfig, type WorkspaceConfig } from './workspace-config';

/** On whose behalf a workspace is looked up. */
export interface LookUp {
  /**
   * Whether anybody at all may have asked, with an id that they made up: by posting to the address of
   * a webhook. A source that has to ask somebody else bounds what it spends on those. Default: false.
   */
  readonly byStranger?: boolean;
  /**
   * What the sources after this one know of the workspace. A source that has to ask somebody else need
   * not have anybody wait where something is known: it answers `undefined`, and tells later by
   * {@link WorkspaceSource.watch} what it heard. Default: nothing is known elsewhere.
   */
  readonly elsewhere?: () => Promise<WorkspaceConfig | undefined>;
}

/** What happened to a workspace that is managed elsewhere. */
export interface WorkspaceChange {
  /** The workspace. */
  readonly workspaceId: string;
  /** Whether it was met for the first time, is configured otherwise than before, or is no more. */
  readonly kind: 'added' | 'changed' | 'removed';
}

/** Where the configuration of workspaces comes from. */
export interface WorkspaceSource {
  /**
   * A workspace's configuration; `undefined` when there is no such workspace.
   * @throws GatewayError `store_unavailable` when that cannot be told now
   */
  get(workspaceId: string, lookUp?: LookUp): Promise<WorkspaceConfig | undefined>;
  /**
   * Every workspace that is known without being asked for: those whose sessions start by themselves.
   * @param onFailure told of a part that cannot be listed now; the others are listed all the same.
   *   Default: that is thrown
   */
  list(onFailure?: (error: unknown) => void): Promise<readonly WorkspaceConfig[]>;
  /**
   * Has changes told that the gateway did not make: it puts them into force. A source whose workspaces
   * never change by themselves has none to tell.
   * @returns ends it
   */
  watch?(listener: (change: WorkspaceChange) => void): () => void;
}

/**
 * Workspaces given in code.
 * @throws GatewayError `invalid_config` when one is malformed, or an id means two things
 */
export function staticWorkspaces(configs: readonly unknown[]): WorkspaceSource {
  const byId = new Map<string, WorkspaceConfig>();
  const owners = new Map<string, string>();
  for (const config of configs.map((each) => parseWorkspaceConfig(each))) {
    const { workspace_id, sessions } = config;
    if (byId.has(workspace_id)) throw taken(workspace_id);
    byId.set(workspace_id, config);
    for (const id of [workspace_id, ...sessions.map((session) => session.session_id)]) {
      if ((owners.get(id) ?? workspace_id) !== workspace_id) throw taken(id);
      owners.set(id, workspace_id);
    }
  }
  return {
    get: async (workspaceId) => byId.get(workspaceId),
    list: async () => [...byId.values()],
  };
}

/** Workspaces kept in the store and managed over the API. */
export function storedWorkspaces(store: WorkspaceStore): WorkspaceSource {
  return { get: (workspaceId) => store.get(workspaceId), list: () => store.list() };
}

/**
 * Several sources as one: the first that knows a workspace wins. One that cannot tell now keeps none of
 * the others from telling.
 */
export function firstOf(sources: readonly WorkspaceSource[]): WorkspaceSource {
  const [first, ...others] = sources;
  if (first === undefined) return staticWorkspaces([]);
  const rest = others.length === 0 ? undefined : firstOf(others);
  return {
    async get(workspaceId, lookUp) {
      const others = async () => rest?.get(workspaceId, lookUp);
      const elsewhere = async () => (await others()) ?? (await lookUp?.elsewhere?.());
      try {
        const config = await first.get(workspaceId, { ...lookUp, elsewhere });
        if (config !== undefined) return config;
      } catch (error) {
        const config = await others();
        if (config === undefined) throw error;
        return config;
      }
      return await others();
    },
    async list(onFailure) {
      const byId = new Map<string, WorkspaceConfig>();
      for (const source of sources) {
        for (const config of await listOf(source, onFailure)) {
          if (!byId.has(config.workspace_id)) byId.set(config.workspace_id, config);
        }
      }
      return [...byId.values()];
    },
    watch(listener) {
      const ends = sources.flatMap((source) => source.watch?.(listener) ?? []);
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

async function listOf(
  source: WorkspaceSource,
  onFailure: ((error: unknown) => void) | undefined,
): Promise<readonly WorkspaceConfig[]> {
  try {
    return await source.list(onFailure);
  } catch (error) {
    if (onFailure === undefined) throw error;
    onFailure(error);
    return [];
  }
}

function taken(id: string): GatewayError {
  const why = `Two workspaces use the id "${id}", for themselves or for a session. Give each id once.`;
  return new GatewayError('invalid_config', why);
}
