import type { Database } from './database';
import { logNames } from './name-migration';

/** A step: statements, and what SQL cannot do after them. */
export interface Migration {
  /** The statements. */
  readonly sql: string;
  /** Done after them, in the same transaction. */
  readonly after?: (database: Database) => void;
}

/**
 * The schema, step by step. A step that was ever released is never changed: add one. `user_version`
 * of the file says how many were taken.
 *
 * - `messages` holds what never changes about a message, `states` how it stands, so that a step of
 *   a message's life rewrites a short row and not its content.
 * - `position` is the order of acceptance over all workspaces, and the key of both.
 */
export const migrations: readonly (string | Migration)[] = [
  `
  CREATE TABLE messages (
    position INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    key_expires_at INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX messages_by_id ON messages (workspace_id, message_id);
  CREATE INDEX messages_by_key ON messages (workspace_id, idempotency_key);
  CREATE TABLE states (
    position INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL
  );
  CREATE INDEX states_by_status ON states (workspace_id, status);
  CREATE TABLE provider_ids (
    workspace_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    provider_message_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, session_id, provider_message_id)
  ) WITHOUT ROWID;
  CREATE INDEX provider_ids_by_position ON provider_ids (position);
  CREATE TABLE held_receipts (
    workspace_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    provider_message_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (workspace_id, session_id, provider_message_id)
  ) WITHOUT ROWID;
  CREATE INDEX held_receipts_by_end ON held_receipts (expires_at);
  CREATE TABLE events (
    workspace_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    session_id TEXT NOT NULL,
    dedupe_key TEXT,
    event TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX events_by_key ON events (workspace_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
  CREATE TABLE trims (
    workspace_id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE cursors (
    workspace_id TEXT NOT NULL,
    consumer TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, consumer)
  ) WITHOUT ROWID;
  CREATE TABLE leases (
    resource TEXT PRIMARY KEY,
    lease TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE nonces (
    key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (key_id, nonce)
  ) WITHOUT ROWID;
  CREATE INDEX nonces_by_end ON nonces (expires_at);
  CREATE TABLE sessions (
    workspace_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (workspace_id, session_id)
  ) WITHOUT ROWID;
  CREATE TABLE workspaces (
    workspace_id TEXT PRIMARY KEY,
    config TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE endpoints (
    workspace_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    PRIMARY KEY (workspace_id, endpoint_id)
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (
    workspace_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    delivery TEXT NOT NULL,
    PRIMARY KEY (workspace_id, endpoint_id, event_id)
  ) WITHOUT ROWID;
  CREATE INDEX deliveries_by_time ON deliveries (workspace_id, endpoint_id, state, at);
  CREATE INDEX deliveries_by_session ON deliveries (workspace_id, endpoint_id, state, session_id, seq);
  CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE trimmed_keys (
    workspace_id TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    time TEXT NOT NULL,
    PRIMARY KEY (workspace_id, dedupe_key)
  ) WITHOUT ROWID;
  CREATE INDEX trimmed_keys_by_time ON trimmed_keys (time);
  `,
  `
  CREATE TABLE intake (
    position INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    error TEXT,
    quarantined_at INTEGER,
    UNIQUE (workspace_id, entry_id)
  );
  CREATE INDEX intake_by_session ON intake (workspace_id, session_id, quarantined_at, position);
  CREATE INDEX intake_by_time ON intake (quarantined_at) WHERE quarantined_at IS NOT NULL;
  CREATE TABLE choices (
    workspace_id TEXT PRIMARY KEY,
    choice TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE INDEX messages_by_session ON messages (workspace_id, body ->> 'session_id');
  `,
  `
  ALTER TABLE cursors ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
  UPDATE cursors SET seen_at = 1000 * unixepoch();
  CREATE INDEX deliveries_dead ON deliveries (at) WHERE state = 'dead';
  `,
  `
  CREATE TABLE workspace_copies (
    workspace_id TEXT PRIMARY KEY,
    config TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  {
    sql: `
  CREATE TABLE used_keys (
    place INTEGER PRIMARY KEY,
    ends_at INTEGER NOT NULL,
    names BLOB NOT NULL
  );
  CREATE TABLE used_nonces (
    place INTEGER PRIMARY KEY,
    ends_at INTEGER NOT NULL,
    names BLOB NOT NULL
  );
  INSERT INTO marks VALUES ('name_seed', random());
  `,
    after: (database) => {
      logNames(database);
      database.exec('DROP INDEX messages_by_key; DROP TABLE nonces;');
    },
  },
  // What no session was known to have was kept with whoever it was posted to: it is nobody's.
  `
  ALTER TABLE intake ADD COLUMN account TEXT;
  ALTER TABLE intake ADD COLUMN proof TEXT;
  UPDATE intake SET workspace_id = '' WHERE session_id = '' AND quarantined_at IS NOT NULL;
  CREATE INDEX intake_unclaimed ON intake (account, entry_id)
    WHERE workspace_id = '' AND account IS NOT NULL;
  `,
];
