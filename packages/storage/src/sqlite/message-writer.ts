import type { MessageRecord, NewMessage } from '@blazz/core';
import type { Database } from './database';
import { encodeState } from './message-rows';
import { RowWriter } from './row-writer';

/** Writes messages as rows: what they are once, how they stand each time. */
export class MessageWriter {
  readonly #messages: RowWriter;
  readonly #states: RowWriter;
  readonly #ids: RowWriter;

  /** @param database where to */
  constructor(database: Database) {
    this.#messages = new RowWriter(database, 'INSERT INTO messages', [
      'position',
      'workspace_id',
      'message_id',
      'created_at',
      'idempotency_key',
      'body_digest',
      'key_expires_at',
      'body',
    ]);
    const state = ['position', 'workspace_id', 'status', 'state'];
    this.#states = new RowWriter(database, 'INSERT OR REPLACE INTO states', state);
    const id = ['workspace_id', 'session_id', 'provider_message_id', 'position'];
    this.#ids = new RowWriter(database, 'INSERT OR REPLACE INTO provider_ids', id);
  }

  /**
   * Puts a new message down.
   * @returns its body as it is written
   */
  accept(position: number, message: NewMessage, digest: string, keyExpiresAt: number): string {
    const { workspace_id, message_id, created_at, idempotency_key } = message;
    const body = JSON.stringify(message);
    this.#messages.add([
      position,
      workspace_id,
      message_id,
      created_at,
      idempotency_key,
      digest,
      keyExpiresAt,
      body,
    ]);
    return body;
  }

  /** Puts down how a message stands, and the ids of WhatsApp's that are new. */
  state(before: MessageRecord | undefined, after: MessageRecord): void {
    const { position, workspace_id, session_id, status } = after;
    this.#states.add([position, workspace_id, status, encodeState(after)]);
    const known = before === undefined ? [] : idsOf(before);
    for (const id of idsOf(after)) {
      if (!known.includes(id)) this.#ids.add([workspace_id, session_id, id, position]);
    }
  }

  /** Writes what was put down. */
  flush(): void {
    this.#messages.flush();
    this.#states.flush();
    this.#ids.flush();
  }

  /** Forgets what was put down. */
  discard(): void {
    this.#messages.discard();
    this.#states.discard();
    this.#ids.discard();
  }
}

/** Every id that WhatsApp ever gave a message. */
function idsOf(record: MessageRecord): readonly string[] {
  const ids = new Set(record.attempts.flatMap(({ provider_message_id: id }) => id ?? []));
  if (record.provider_message_id !== undefined) ids.add(record.provider_message_id);
  return [...ids];
}
