import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { Retries } from '../retries';
import type { SessionManager } from '../session/session-manager';
import type { IntakeEntry, WaitingSession } from '../store/intake-store';
import type { Store } from '../store/store';

/** What a backlog works with. */
export interface BacklogContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** Does again what failed. */
  readonly retries: Retries;
  /** Time. */
  readonly clock: Clock;
}

/** How many entries are set aside at once when their session is gone. */
const PAGE = 50;
/** How often in a row a workspace must be unknown until it is taken for gone: a source may err for a while. */
const LOOKS = 8;

/** What came in durably and has not been read yet: has sessions read it, as soon as that can be. */
export class Backlog {
  readonly #context: BacklogContext;

  /** @param context what the backlog works with */
  constructor(context: BacklogContext) {
    this.#context = context;
  }

  /**
   * Has sessions read what waits for them.
   * @param workspaceId only this workspace's. Default: all
   * @throws GatewayError `store_unavailable`
   */
  async readAll(workspaceId?: string): Promise<void> {
    for (const waiting of await this.#context.store.intake.waitingSessions()) {
      if (workspaceId !== undefined && waiting.workspaceId !== workspaceId) continue;
      await this.read(waiting);
    }
  }

  /**
   * Has a session read what waits for it. Where it cannot be had it is tried again by itself; where it
   * is configured no more, what waits is set aside. Never rejects.
   */
  read(waiting: WaitingSession): Promise<void> {
    const { workspaceId, sessionId } = waiting;
    const names = { workspace_id: workspaceId, session_id: sessionId };
    return this.#context.retries.run(`${workspaceId}/${sessionId}`, names, (attempt) =>
      this.#readOn(waiting, attempt),
    );
  }

  async #readOn({ workspaceId, sessionId }: WaitingSession, attempt: number): Promise<void> {
    const { source, sessions } = this.#context;
    const config = await source.get(workspaceId);
    if (config?.sessions.some((each) => each.session_id === sessionId)) {
      return (await sessions.ensure(config, sessionId)).read();
    }
    if (config === undefined && attempt < LOOKS) {
      throw new GatewayError('not_found', 'The workspace that this is for is not known now.');
    }
    await this.#setAside(workspaceId, sessionId);
  }

  async #setAside(workspaceId: string, sessionId: string): Promise<void> {
    const { store, clock } = this.#context;
    const why = 'The session that this is for is configured no more. Release it for another.';
    const error = new GatewayError('not_found', why).toJSON();
    let page: readonly IntakeEntry[];
    do {
      page = await store.intake.waiting(workspaceId, sessionId, PAGE);
      for (const entry of page) {
        await store.intake.quarantine({ ...entry, error, quarantined_at: clock.now() });
      }
    } while (page.length > 0);
  }
}
