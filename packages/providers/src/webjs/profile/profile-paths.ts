import { join } from 'node:path';
import { toId } from '@blazz/core';

/** Where the files of one session are. */
export interface ProfilePaths {
  /** The session's own folder: lock, state, and the browser's profile. */
  readonly dir: string;
  /** The browser's profile, where LocalAuth puts it. */
  readonly browserDir: string;
}

/**
 * The folder of a session, `{sessionsDir}/workspace_{workspaceId}/{sessionId}/`.
 * @throws GatewayError `invalid_id`: ids become parts of a path, so they are checked again here
 */
export function profilePaths(
  sessionsDir: string,
  workspaceId: string,
  sessionId: string,
): ProfilePaths {
  const workspace = `workspace_${toId(workspaceId, 'workspace_id')}`;
  const dir = join(sessionsDir, workspace, toId(sessionId, 'session_id'));
  // LocalAuth without a client id calls it "session".
  return { dir, browserDir: join(dir, 'session') };
}
