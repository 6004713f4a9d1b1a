import { keyName } from './acceptance';
import type { Database } from './database';
import { NameLog } from './name-log';

/** How many messages are read at once. */
const PAGE = 5_000;

/**
 * Brings the idempotency keys and nonces of a file into their logs, from the indexes that they were
 * in: not in SQL, which cannot hash.
 */
export function logNames(database: Database): void {
  logKeys(database, new NameLog(database, 'used_keys'));
  logNonces(database, new NameLog(database, 'used_nonces'));
}

function logKeys(database: Database, log: NameLog): void {
  log.load();
  const page = database.prepare(
    'SELECT position, workspace_id, idempotency_key, key_expires_at FROM messages WHERE position > ? ORDER BY position LIMIT ?',
  );
  let rows = page.all([0, PAGE]);
  while (rows.length > 0) {
    for (const [position, workspaceId, key, endsAt] of rows) {
      const name = keyName(String(workspaceId), String(key));
      log.add(log.hashOf(name), Number(endsAt), Number(position));
    }
    log.flush();
    log.reset();
    rows = page.all([rows.at(-1)?.[0] ?? null, PAGE]);
  }
}

function logNonces(database: Database, log: NameLog): void {
  log.load();
  const all = 'SELECT key_id, nonce, expires_at FROM nonces ORDER BY expires_at';
  for (const [keyId, nonce, endsAt] of database.prepare(all).all([])) {
    log.add(log.hashOf(`${keyId} ${nonce}`), Number(endsAt));
  }
  log.flush();
}
