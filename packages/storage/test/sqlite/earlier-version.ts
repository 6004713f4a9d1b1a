import Libsql from 'libsql';

/** What the first version had. */
const first = [
  'messages messages_by_id messages_by_key states states_by_status provider_ids provider_ids_by_position',
  'held_receipts held_receipts_by_end events events_by_key trims cursors leases nonces nonces_by_end',
  'sessions workspaces endpoints deliveries deliveries_by_time deliveries_by_session marks',
].flatMap((names) => names.split(' '));

/** Takes a file back to what the first version left. */
export function takeBack(path: string): void {
  const file = new Libsql(path);
  const all = file.prepare('SELECT type, name FROM sqlite_master').all() as {
    readonly type: string;
    readonly name: string;
  }[];
  for (const { type, name } of all) {
    const isOwn = first.includes(name) || name.startsWith('sqlite_autoindex');
    if (!isOwn) file.exec(`DROP ${type} IF EXISTS ${name}`);
  }
  file.exec('ALTER TABLE cursors DROP COLUMN seen_at');
  file.exec(`
    DELETE FROM marks WHERE name = 'name_seed';
    CREATE INDEX messages_by_key ON messages (workspace_id, idempotency_key);
    CREATE TABLE nonces (key_id TEXT, nonce TEXT, expires_at INTEGER, PRIMARY KEY (key_id, nonce)) WITHOUT ROWID;
    CREATE INDEX nonces_by_end ON nonces (expires_at);
    INSERT INTO nonces VALUES ('key', 'nonce', 5000);
  `);
  file.pragma('user_version = 1');
  file.close();
}
