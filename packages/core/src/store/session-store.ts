import type { ErrorBody } from '../errors/gateway-error';
import type { Account } from '../provider/provider-event';
import type { SessionState } from '../session/session-state';

/** What the store keeps of a session, for the next start and for other instances. */
export interface SessionRecord {
  /** The tenant. */
  readonly workspace_id: string;
  /** The session. */
  readonly session_id: string;
  /** The provider that it runs on. */
  readonly provider: string;
  /** Where it stands. */
  readonly state: SessionState;
  /** Since when, milliseconds since 1970. */
  readonly since: number;
  /** Why, as one word. */
  readonly reason?: string;
  /** Whether it should run: what its owner asked for last. */
  readonly desired: 'running' | 'stopped';
  /** The account that it is, or was last, linked to. */
  readonly account?: Account;
  /** What went wrong last. */
  readonly last_error?: ErrorBody;
}

/** What is known of sessions. */
export interface SessionStore {
  /**
   * Writes a session's record, whole.
   * @param epoch the epoch of the writer's lease; leave it out for what needs no owner, such as `desired`
   * @throws GatewayError `lease_lost` when the epoch is stale
   */
  save(record: SessionRecord, epoch?: number): Promise<void>;
  /** A session's record. */
  get(workspaceId: string, sessionId: string): Promise<SessionRecord | undefined>;
  /** The records of one workspace, or of all; by workspace id, then session id. */
  list(workspaceId?: string): Promise<readonly SessionRecord[]>;
  /** Forgets a session. */
  delete(workspaceId: string, sessionId: string): Promise<void>;
}
