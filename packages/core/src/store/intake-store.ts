import type { ErrorBody } from '../errors/gateway-error';

/** Something that was brought to us from outside for a session, kept as it came until it is read. */
export interface IntakeEntry {
  /** `in_…`. */
  readonly entry_id: string;
  /** The tenant; empty for what was set aside because nobody knows whose it is. */
  readonly workspace_id: string;
  /** The session that it is for; empty while none is known. */
  readonly session_id: string;
  /** Whose format the body has: the type of a provider, or `forwarded`. */
  readonly source: string;
  /** The body as it came, JSON text. */
  readonly body: string;
  /** When it came, milliseconds since 1970. */
  readonly received_at: number;
}

/** An entry that was set aside because it could not be read, with the reason. */
export interface QuarantinedEntry extends IntakeEntry {
  /** Why. */
  readonly error: ErrorBody;
  /** When it was set aside, milliseconds since 1970. */
  readonly quarantined_at: number;
  /** Of what is nobody's: what the platform calls the account that it is about, where it names one. */
  readonly account?: string;
  /**
   * Of what is nobody's: headers that prove the body as the platform's own would, to whoever has the
   * secret that proved what it was cut from.
   */
  readonly proof?: Readonly<Record<string, string>> | undefined;
}

/** For whom an entry that was set aside is read. Whatever is left out stays as it was. */
export interface ReleaseTo {
  /** The tenant, where it was nobody's. */
  readonly workspaceId?: string;
  /** The session. */
  readonly sessionId?: string | undefined;
  /** Whose format it is read in. */
  readonly source?: string | undefined;
}

/** A session for which something waits. */
export interface WaitingSession {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
}

/** How many entries are where. */
export interface IntakeDepth {
  /** Waiting to be read. */
  readonly waiting: number;
  /** Set aside. */
  readonly quarantined: number;
}

/**
 * What came in from outside and has not been read yet: kept before the sender is told that it
 * arrived, forgotten once what it says is in the log.
 */
export interface IntakeStore {
  /** Keeps entries, all or none. One whose `entry_id` is kept already is left as it is. */
  put(entries: readonly IntakeEntry[]): Promise<void>;
  /**
   * What waits for a session, in the order in which it came.
   * @param limit at most this many, 1 to 1000
   */
  waiting(workspaceId: string, sessionId: string, limit: number): Promise<readonly IntakeEntry[]>;
  /** The sessions for which something waits. */
  waitingSessions(): Promise<readonly WaitingSession[]>;
  /**
   * Forgets entries that wait: what they say is in the log. One that was set aside stays.
   * @returns how many there were
   */
  remove(workspaceId: string, entryIds: readonly string[]): Promise<number>;
  /** Keeps an entry that cannot be read where it is out of the way; new or waiting. */
  quarantine(entry: QuarantinedEntry): Promise<void>;
  /**
   * Has an entry that was set aside read again, as the last of its session's, and forgets why it was
   * set aside, its account and its proof.
   * @param workspaceId whose it is; empty when it is nobody's
   * @param to for whom; default: as it was
   * @returns whether there was one
   */
  release(workspaceId: string, entryId: string, to?: ReleaseTo): Promise<boolean>;
  /**
   * Forgets an entry that was set aside. One that waits stays: it is yet to be read.
   * @returns whether there was one
   */
  discard(workspaceId: string, entryId: string): Promise<boolean>;
  /**
   * What was set aside, newest first.
   * @param query.before only those older than this `entry_id`
   * @param query.limit at most this many, 1 to 200
   */
  quarantined(
    workspaceId: string,
    query: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<readonly QuarantinedEntry[]>;
  /**
   * The accounts of what is nobody's, each once, in the order of their characters' codes.
   * @param query.after only those behind this one
   * @param query.limit at most this many, 1 to 1000
   */
  unclaimedAccounts(query: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly string[]>;
  /**
   * What is nobody's and about an account, oldest first.
   * @param query.after only those newer than this `entry_id`
   * @param query.limit at most this many, 1 to 200
   */
  unclaimed(
    account: string,
    query: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly QuarantinedEntry[]>;
  /** How many entries of a workspace, or of all, are where. */
  depth(workspaceId?: string): Promise<IntakeDepth>;
  /**
   * Forgets what was set aside before a time, milliseconds since 1970.
   * @param limit at most this many in one call, 1 to 1000
   * @returns how many
   */
  pruneQuarantined(before: number, limit: number): Promise<number>;
}
