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

  /** Makes a choice, and tells of it by an event, in one write. */
  async choose(choice: ProviderChoice, event: EventDraft): Promise<void> {
    await this.#store.choose(choice, event);
    this.#chosen.set(choice.workspace_id, choice);
  }

  /** Takes a choice back: the configuration says which provider it is. */
  async forget(workspaceId: string): Promise<void> {
    if (!this.#chosen.has(workspaceId)) return;
    await this.#store.unchoose(workspaceId);
    this.#chosen.delete(workspaceId);
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
