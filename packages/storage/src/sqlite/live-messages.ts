import type { MessageRecord, Receipt, SessionFence } from '@blazz/core';
import type { Database } from './database';
import { LiveSession } from './live-session';
import { decodeMessage } from './message-rows';

/** How many records are kept at hand: those in flight, and those that changed last. */
const AT_HAND = 5_000;

const columns = 'm.position, m.body, s.state';
const joined = 'messages m JOIN states s ON s.position = m.position';

/**
 * What is held in memory of the messages: for each session an index of those that are queued, in
 * flight or unknown, and the records that were touched last. All of it can be read again.
 */
export class LiveMessages {
  readonly #database: Database;
  readonly #workspaces = new Map<string, Map<string, LiveSession>>();
  readonly #records = new Map<string, MessageRecord>();

  /** @param database where the messages are */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The index of a session. The first look at a workspace reads its live messages. */
  session(workspaceId: string, sessionId: string): LiveSession {
    const sessions = this.#workspaces.get(workspaceId) ?? this.#load(workspaceId);
    return sessionOf(sessions, sessionId);
  }

  /** A message of a workspace. */
  find(workspaceId: string, messageId: string): MessageRecord | undefined {
    const known = this.#records.get(nameOf(workspaceId, messageId));
    if (known !== undefined) return known;
    const sql = `SELECT ${columns} FROM ${joined} WHERE m.workspace_id = ? AND m.message_id = ? ORDER BY m.position DESC`;
    const row = this.#database.prepare(sql).get([workspaceId, messageId]);
    return row === undefined ? undefined : this.#keep(decodeMessage(row));
  }

  /** A message of a workspace, if it is one of the fence's session. */
  findOf({ workspaceId, sessionId }: SessionFence, messageId: string): MessageRecord | undefined {
    const record = this.find(workspaceId, messageId);
    return record?.session_id === sessionId ? record : undefined;
  }

  /** Follows a message from one state to the next; `undefined` stands for none. */
  follow(before: MessageRecord | undefined, after: MessageRecord, now: number): void {
    const session = this.session(after.workspace_id, after.session_id);
    if (before !== undefined) session.leave(before);
    session.enter(after, now);
    this.#keep(after);
  }

  /** Lets go of messages that are forgotten. They are settled: no index has them. */
  forget(workspaceId: string, messageIds: readonly string[]): void {
    for (const messageId of messageIds) this.#records.delete(nameOf(workspaceId, messageId));
  }

  /** Lets go of everything, to be read again. */
  clear(): void {
    this.#workspaces.clear();
    this.#records.clear();
  }

  #load(workspaceId: string): Map<string, LiveSession> {
    const sessions = new Map<string, LiveSession>();
    const live = `SELECT ${columns} FROM states s JOIN messages m ON m.position = s.position WHERE s.workspace_id = ? AND s.status IN ('queued', 'sending', 'unknown') ORDER BY s.position`;
    for (const row of this.#database.prepare(live).all([workspaceId])) {
      const record = decodeMessage(row);
      // Nothing is due at time 0 but what always is: the first claim moves the rest on.
      sessionOf(sessions, record.session_id).enter(record, 0);
    }
    const held =
      'SELECT session_id, provider_message_id, receipt, expires_at FROM held_receipts WHERE workspace_id = ? ORDER BY expires_at';
    for (const [sessionId, id, receipt, end] of this.#database.prepare(held).all([workspaceId])) {
      const { held } = sessionOf(sessions, String(sessionId));
      held.set(String(id), JSON.parse(String(receipt)) as Receipt, Number(end), 0);
    }
    // Last: half of it would be taken for all of it.
    this.#workspaces.set(workspaceId, sessions);
    return sessions;
  }

  #keep(record: MessageRecord): MessageRecord {
    const name = nameOf(record.workspace_id, record.message_id);
    this.#records.delete(name);
    this.#records.set(name, record);
    if (this.#records.size > AT_HAND) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
    return record;
  }
}

function sessionOf(sessions: Map<string, LiveSession>, sessionId: string): LiveSession {
  const known = sessions.get(sessionId);
  if (known !== undefined) return known;
  const session = new LiveSession();
  sessions.set(sessionId, session);
  return session;
}

/** Ids have no blank, so that no two pairs make the same name. */
function nameOf(workspaceId: string, messageId: string): string {
  return `${workspaceId} ${messageId}`;
}
