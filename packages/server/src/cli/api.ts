import type { WorkspaceConfig } from '@blazz/core';
import type { Connection } from './connection';
import { SignedApi } from './signed-api';

/** The routes of workspaces. */
export class WorkspaceApi {
  readonly #api: SignedApi;

  /** @param connection the server, and the key */
  constructor(connection: Connection) {
    this.#api = new SignedApi(connection);
  }

  /** Every workspace that the key covers. */
  async list(signal: AbortSignal): Promise<readonly WorkspaceConfig[]> {
    const path = '/internal/workspaces';
    return (await this.#api.call('GET', path, undefined, signal)) as WorkspaceConfig[];
  }

  /** Writes a workspace's configuration. */
  async put(id: string, config: object, signal: AbortSignal): Promise<WorkspaceConfig> {
    return (await this.#api.call('PUT', pathOf(id), config, signal)) as WorkspaceConfig;
  }

  /** Puts a workspace on another provider. */
  async switch(id: string, provider: string, signal: AbortSignal): Promise<WorkspaceConfig> {
    const body = { workspace_id: id, provider_type: provider };
    const path = '/internal/provider/switch';
    return (await this.#api.call('POST', path, body, signal)) as WorkspaceConfig;
  }

  /** Forgets a workspace's configuration. */
  async delete(id: string, signal: AbortSignal): Promise<void> {
    await this.#api.call('DELETE', pathOf(id), undefined, signal);
  }
}

function pathOf(id: string): string {
  return `/internal/workspaces/${encodeURIComponent(id)}`;
}
