import type { EventDraft, ProviderChoice, WorkspaceConfig, WorkspaceStore } from '@blazz/core';
import type { Committer } from './committer';
import type { Database, Row, Value } from './database';
import type { SqliteEvents } from './sqlite-events';

const put = 'INSERT OR REPLACE INTO workspaces VALUES (?, ?)';
const unchoose = 'DELETE FROM choices WHERE workspace_id = ?';

/** Configurations of workspaces, on disk. */
export class SqliteWorkspaces implements WorkspaceStore {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #events: SqliteEvents;

  /**
   * @param database where they are
   * @param committer what writes go through
   * @param events tells of choices
   */
  constructor(database: Database, committer: Committer, events: SqliteEvents) {
    this.#database = database;
    this.#committer = committer;
    this.#events = events;
  }

  /** {@inheritDoc WorkspaceStore.put} */
  put(config: WorkspaceConfig): Promise<void> {
    return this.#committer.write(() => {
      this.#database.prepare(put).run(row(config));
      this.#database.prepare(unchoose).run([config.workspace_id]);
    });
  }

  /** {@inheritDoc WorkspaceStore.get} */
  get(workspaceId: string): Promise<WorkspaceConfig | undefined> {
    const sql = 'SELECT config FROM workspaces WHERE workspace_id = ?';
    return this.#committer.read(() => {
      const row = this.#database.prepare(sql).get([workspaceId]);
      return row === undefined ? undefined : decode<WorkspaceConfig>(row);
    });
  }

  /** {@inheritDoc WorkspaceStore.list} */
  list(): Promise<readonly WorkspaceConfig[]> {
    return this.#all('SELECT config FROM workspaces ORDER BY workspace_id');
  }

  /** {@inheritDoc WorkspaceStore.delete} */
  delete(workspaceId: string): Promise<boolean> {
    const sql = 'DELETE FROM workspaces WHERE workspace_id = ?';
    return this.#committer.write(() => {
      const isKnown = this.#database.prepare(sql).run([workspaceId]).changes > 0;
      if (isKnown) this.#database.prepare(unchoose).run([workspaceId]);
      return isKnown;
    });
  }

  /** {@inheritDoc WorkspaceStore.choose} */
  choose(choice: ProviderChoice, event: EventDraft, config?: WorkspaceConfig): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO choices VALUES (?, ?)';
    return this.#committer.write(() => {
      if (config !== undefined) this.#database.prepare(put).run(row(config));
      this.#database.prepare(sql).run(row(choice));
      this.#events.add(choice.workspace_id, event);
    });
  }

  /** {@inheritDoc WorkspaceStore.choices} */
  choices(): Promise<readonly ProviderChoice[]> {
    return this.#all('SELECT choice FROM choices ORDER BY workspace_id');
  }

  /** {@inheritDoc WorkspaceStore.saveCopy} */
  saveCopy(config: WorkspaceConfig): Promise<void> {
    return this.#run('INSERT OR REPLACE INTO workspace_copies VALUES (?, ?)', row(config));
  }

  /** {@inheritDoc WorkspaceStore.deleteCopy} */
  deleteCopy(workspaceId: string): Promise<void> {
    return this.#run('DELETE FROM workspace_copies WHERE workspace_id = ?', [workspaceId]);
  }

  /** {@inheritDoc WorkspaceStore.copies} */
  copies(): Promise<readonly WorkspaceConfig[]> {
    return this.#all('SELECT config FROM workspace_copies ORDER BY workspace_id');
  }

  #run(sql: string, params: readonly Value[]): Promise<void> {
    return this.#committer.write(() => {
      this.#database.prepare(sql).run(params);
    });
  }

  #all<T>(sql: string): Promise<readonly T[]> {
    return this.#committer.read(() =>
      this.#database
        .prepare(sql)
        .all([])
        .map(decode<T>),
    );
  }
}

function row(of: { readonly workspace_id: string }): readonly Value[] {
  return [of.workspace_id, JSON.stringify(of)];
}

function decode<T>([json]: Row): T {
  return JSON.parse(String(json)) as T;
}
