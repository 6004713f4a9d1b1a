import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { Logger } from '../logger';
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
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** How many entries are set aside at once when their session is gone. */
const PAGE = 50;

/**
 * Has sessions read what came in for them and was not read: before this process began, or while they
 * were made anew. What is for a session that is configured no more is set aside.
 * @param workspaceId only this workspace's. Default: all
 */
export async function readBacklog(context: BacklogContext, workspaceId?: string): Promise<void> {
  const { store, logger } = context;
  for (const waiting of await store.intake.waitingSessions()) {
    if (workspaceId !== undefined && waiting.workspaceId !== workspaceId) continue;
    // One workspace that cannot be had keeps nobody else from going on.
    await readOn(waiting, context).catch((error: unknown) => {
      const names = { workspace_id: waiting.workspaceId, session_id: waiting.sessionId };
      logger.error('what came in for a session could not be read on', { error, ...names });
    });
  }
}

async function readOn(
  { workspaceId, sessionId }: WaitingSession,
  { store, source, sessions, clock }: BacklogContext,
): Promise<void> {
  const config = await source.get(workspaceId);
  if (config?.sessions.some((each) => each.session_id === sessionId)) {
    return (await sessions.ensure(config, sessionId)).read();
  }
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
