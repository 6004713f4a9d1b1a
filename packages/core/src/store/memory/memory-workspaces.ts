import type { EventDraft } from '../../events/event';
import type { WorkspaceConfig } from '../../gateway/workspace-config';
import type { ProviderChoice, WorkspaceStore } from '../workspace-store';
import type { MemoryEvents } from './memory-events';
import { snapshot } from './snapshot';

/** Configurations of workspaces, in memory. */
export class MemoryWorkspaces implements WorkspaceStore {
  readonly #events: MemoryEvents;
  readonly #configs = new Map<string, WorkspaceConfig>();
  readonly #choices = new Map<string, ProviderChoice>();
  readonly #copies = new Map<string, WorkspaceConfig>();

  /** @param events tells of choices */
  constructor(events: MemoryEvents) {
    this.#events = events;
  }

  /** {@inheritDoc WorkspaceStore.put} */
  async put(config: WorkspaceConfig): Promise<void> {
    this.#configs.set(config.workspace_id, snapshot(config));
    this.#choices.delete(config.workspace_id);
  }

  /** {@inheritDoc WorkspaceStore.get} */
  async get(workspaceId: string): Promise<WorkspaceConfig | undefined> {
    return this.#configs.get(workspaceId);
  }

  /** {@inheritDoc WorkspaceStore.list} */
  async list(): Promise<readonly WorkspaceConfig[]> {
    return byId(this.#configs);
  }

  /** {@inheritDoc WorkspaceStore.delete} */
  async delete(workspaceId: string): Promise<boolean> {
    const isKnown = this.#configs.delete(workspaceId);
    if (isKnown) this.#choices.delete(workspaceId);
    return isKnown;
  }

  /** {@inheritDoc WorkspaceStore.choose} */
  async choose(choice: ProviderChoice, event: EventDraft, config?: WorkspaceConfig): Promise<void> {
    if (config !== undefined) this.#configs.set(config.workspace_id, snapshot(config));
    this.#events.log(choice.workspace_id).append([event]);
    this.#choices.set(choice.workspace_id, snapshot(choice));
  }

  /** {@inheritDoc WorkspaceStore.choices} */
  async choices(): Promise<readonly ProviderChoice[]> {
    return [...this.#choices.values()];
  }

  /** {@inheritDoc WorkspaceStore.saveCopy} */
  async saveCopy(config: WorkspaceConfig): Promise<void> {
    this.#copies.set(config.workspace_id, snapshot(config));
  }

  /** {@inheritDoc WorkspaceStore.deleteCopy} */
  async deleteCopy(workspaceId: string): Promise<void> {
    this.#copies.delete(workspaceId);
  }

  /** {@inheritDoc WorkspaceStore.copies} */
  async copies(): Promise<readonly WorkspaceConfig[]> {
    return byId(this.#copies);
  }
}

function byId(configs: ReadonlyMap<string, WorkspaceConfig>): readonly WorkspaceConfig[] {
  return [...configs.values()].sort((a, b) => (a.workspace_id < b.workspace_id ? -1 : 1));
}
