import PQueue from 'p-queue';
import { Retries, type RetriesContext } from '../retries';
import type { SessionManager } from '../session/session-manager';
import type { WorkspaceSource } from './workspace-source';

/** What a resumption works with. */
export interface ResumptionContext extends RetriesContext {
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** The gateway's sessions. */
  readonly sessions: Pick<SessionManager, 'resume'>;
  /** Has the sessions of a workspace, or of all, read what came in for them. Never rejects. */
  readonly readOn: (workspaceId?: string) => Promise<void>;
}

/** How many workspaces are looked after at the same time. */
const AT_ONCE = 8;
/** Stands for the list of workspaces among those that failed; no workspace's id is empty. */
const LIST = '';

/**
 * Starts the sessions that should run. What keeps a workspace from it (a store or an application that is
 * away, a folder that cannot be read) keeps none of the others; it is tried again until the workspace
 * runs, is no more, or the gateway stops. A configuration that cannot run waits for another one.
 */
export class Resumption {
  readonly #context: ResumptionContext;
  readonly #turns: PQueue = new PQueue({ concurrency: AT_ONCE });
  readonly #retries: Retries;
  #isOver = false;

  /** @param context what it works with */
  constructor(context: ResumptionContext) {
    this.#context = context;
    this.#retries = new Retries(context, {
      waits: { baseMs: 1_000, maxMs: 60_000 },
      later: 'sessions could not be resumed, and are tried again',
      noRoom: 'sessions could not be resumed, and are tried with the next change or start',
    });
  }

  /** How many workspaces wait for another try; those that cannot even be listed count as one. */
  get pending(): number {
    return this.#retries.pending;
  }

  /** Resumes every workspace. Resolves once each was tried. */
  all(): Promise<void> {
    const met = new Set<string>();
    return this.#retries.run(LIST, {}, async (attempt) => {
      const failures: unknown[] = [];
      const list = await this.#context.source.list((error) => failures.push(error));
      // Those that were listed before go their own way.
      const fresh = list.map((each) => each.workspace_id).filter((id) => !met.has(id));
      for (const id of fresh) met.add(id);
      const read = attempt > 1;
      await Promise.all(fresh.map((id) => this.#run(id, read, true)));
      if (attempt === 1) await this.#context.readOn();
      if (failures.length > 0) throw failures[0];
    });
  }

  /** Resumes a workspace. Resolves once it was tried. */
  one(workspaceId: string): Promise<void> {
    return this.#run(workspaceId, true, false);
  }

  /** Tries a workspace no more. */
  forget(workspaceId: string): void {
    this.#retries.forget(workspaceId);
  }

  /** Tries nothing any more. */
  end(): void {
    this.#isOver = true;
    this.#retries.stop();
  }

  /**
   * @param isReading whether it reads on at once; after the first start all do so together
   * @param isOneOfMany whether it waits for its turn, as further tries do
   */
  #run(workspaceId: string, isReading: boolean, isOneOfMany: boolean): Promise<void> {
    const names = { workspace_id: workspaceId };
    return this.#retries.run(workspaceId, names, async (attempt) => {
      const resume = (): Promise<void> => this.#resume(workspaceId, isReading || attempt > 1);
      // A turn is for the work alone: whoever waited for one within one might wait for itself.
      if (isOneOfMany || attempt > 1) await this.#turns.add(resume);
      else await resume();
    });
  }

  async #resume(workspaceId: string, isReading: boolean): Promise<void> {
    const { source, sessions, readOn } = this.#context;
    if (this.#isOver) return;
    // Its turn may come late: meanwhile it may have been switched, configured anew or removed.
    const config = await source.get(workspaceId);
    if (config === undefined) return;
    await sessions.resume(config);
    if (isReading) await readOn(workspaceId);
  }
}
