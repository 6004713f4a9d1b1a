/** Which session something happened in. */
export interface SessionName {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
}
