import type { Receipt, SessionFence, Transition } from '@blazz/core';
import { applyReceipt, heldReceiptLimits, mergeHeld } from '@blazz/core/adapters';
import type { Database } from './database';
import type { LiveMessages } from './live-messages';

/** Reports about ids that no message has yet: in memory, where every finished attempt looks, and on disk. */
export class HeldReceipts {
  readonly #database: Database;
  readonly #live: LiveMessages;

  /**
   * @param database where they are kept
   * @param live where they are looked up
   */
  constructor(database: Database, live: LiveMessages) {
    this.#database = database;
    this.#live = live;
  }

  /** Remembers a report. */
  hold(fence: SessionFence, id: string, receipt: Receipt, now: number): void {
    const { workspaceId, sessionId } = fence;
    const { held } = this.#live.session(workspaceId, sessionId);
    const merged = mergeHeld(held.get(id, now), receipt);
    const end = now + heldReceiptLimits.ttlMs;
    held.set(id, merged, end, now);
    this.#database.prepare('DELETE FROM held_receipts WHERE expires_at <= ?').run([now]);
    this.#database
      .prepare('INSERT OR REPLACE INTO held_receipts VALUES (?, ?, ?, ?, ?)')
      .run([workspaceId, sessionId, id, end, JSON.stringify(merged)]);
  }

  /** Merges the report that came before whatever made its id known, if one did. */
  merge(fence: SessionFence, after: Transition, id: string | undefined, now: number): Transition {
    if (id === undefined) return after;
    const { workspaceId, sessionId } = fence;
    const { held } = this.#live.session(workspaceId, sessionId);
    const receipt = held.get(id, now);
    if (receipt === undefined) return after;
    held.delete(id);
    this.#database
      .prepare(
        'DELETE FROM held_receipts WHERE workspace_id = ? AND session_id = ? AND provider_message_id = ?',
      )
      .run([workspaceId, sessionId, id]);
    const merged = applyReceipt(after.record, id, receipt, now);
    if (merged === undefined) return after;
    return { record: merged.record, changed: after.changed || merged.changed };
  }
}
