import { GatewayError, isGatewayError } from '../errors/gateway-error';
import type { EventDraft } from '../events/event';
import type { ProviderChoice, WorkspaceStore } from '../store/workspace-store';
import { switchedTo } from './provider-settings';
import type { WorkspaceConfig } from './workspace-config';
import type { WorkspaceSource } from './workspace-source';

/** Which workspaces were switched to another provider than the one their configuration says. */
export class ProviderChoices {
  readonly #store: WorkspaceStore;
  readonly #chosen = new Map<string, ProviderChoice>();

  /** @param store where the choices are kept */
  constructor(store: WorkspaceStore) {
    this.#store = store;
  }

  /** Reads what was chosen before. */
  async load(): Promise<void> {
    for (const choice of await this.#store.choices()) {
      this.#chosen.set(choice.workspace_id, choice);
    }
  }

  /**
   * Makes a choice, and tells of it by an event, in one write.
   * @param config what the workspace's configuration becomes in the same write. Default: it stays
   */
  async choose(choice: ProviderChoice, event: EventDraft, config?: WorkspaceConfig): Promise<void> {
    await this.#store.choose(choice, event, config);
    this.#chosen.set(choice.workspace_id, choice);
  }

  /** Writes a configuration; from then on it says which provider it is. */
  async configure(config: WorkspaceConfig): Promise<void> {
    await this.#store.put(config);
    this.#chosen.delete(config.workspace_id);
  }

  /**
   * Forgets a configuration, and what was chosen against it.
   * @returns whether there was one
   */
  async remove(workspaceId: string): Promise<boolean> {
    const isKnown = await this.#store.delete(workspaceId);
    if (isKnown) this.#chosen.delete(workspaceId);
    return isKnown;
  }

  /** What keeps a workspace from running; where it runs on a choice, that is named, and how to undo it. */
  explain(workspaceId: string, error: unknown): unknown {
    const choice = this.#chosen.get(workspaceId);
    if (choice === undefined || !isGatewayError(error)) return error;
    const { provider_type: type, by } = choice;
    const why = `The workspace was switched to "${type}" by ${by}. Configure that, or switch it to another provider: \`blazz workspace switch ${workspaceId} <provider>\`, or POST /internal/provider/switch.`;
    const { code, retryable, retryAfterMs, details } = error;
    const options = { cause: error, retryable, retryAfterMs, details };
    return new GatewayError(code, `${error.message} ${why}`, options);
  }

  /** The workspaces of a source, each on the provider that was chosen for it. */
  over(source: WorkspaceSource): WorkspaceSource {
    const apply = (config: WorkspaceConfig): WorkspaceConfig => {
      const choice = this.#chosen.get(config.workspace_id);
      return choice === undefined ? config : switchedTo(config, choice.provider_type);
    };
    return {
      async get(workspaceId, lookUp) {
        const config = await source.get(workspaceId, lookUp);
        return config && apply(config);
      },
      list: async (onFailure) => (await source.list(onFailure)).map(apply),
      watch: (listener) => source.watch?.(listener) ?? (() => undefined),
    };
  }
}
