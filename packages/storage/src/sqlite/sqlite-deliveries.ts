import type { Delivery, DeliveryStore, DueRequest, EventDraft, WebhookEndpoint } from '@blazz/core';
import type { Committer } from './committer';
import type { Database, Row, Value } from './database';
import type { SqliteEvents } from './sqlite-events';

/** Webhook endpoints on disk, and what they have yet to take. */
export class SqliteDeliveries implements DeliveryStore {
  readonly #database: Database;
  readonly #committer: Committer;
  readonly #events: SqliteEvents;

  /**
   * @param database where they are
   * @param committer what writes go through
   * @param events tells of endpoints that were disabled
   */
  constructor(database: Database, committer: Committer, events: SqliteEvents) {
    this.#database = database;
    this.#committer = committer;
    this.#events = events;
  }

  /** {@inheritDoc DeliveryStore.saveEndpoint} */
  saveEndpoint(endpoint: WebhookEndpoint, event?: EventDraft): Promise<void> {
    const { workspace_id, endpoint_id, created_at } = endpoint;
    const params = [workspace_id, endpoint_id, created_at, JSON.stringify(endpoint)];
    return this.#committer.write(() => {
      this.#database.prepare('INSERT OR REPLACE INTO endpoints VALUES (?, ?, ?, ?)').run(params);
      if (event !== undefined) this.#events.add(workspace_id, event);
    });
  }

  /** {@inheritDoc DeliveryStore.endpoints} */
  endpoints(workspaceId?: string): Promise<readonly WebhookEndpoint[]> {
    const where = workspaceId === undefined ? '' : 'WHERE workspace_id = ?';
    const sql = `SELECT endpoint FROM endpoints ${where} ORDER BY created_at, endpoint_id`;
    return this.#all(sql, workspaceId === undefined ? [] : [workspaceId]);
  }

  /** {@inheritDoc DeliveryStore.deleteEndpoint} */
  deleteEndpoint(workspaceId: string, endpointId: string): Promise<boolean> {
    const own = 'WHERE workspace_id = ? AND endpoint_id = ?';
    return this.#committer.write(() => {
      const names = [workspaceId, endpointId];
      this.#database.prepare(`DELETE FROM deliveries ${own}`).run(names);
      return this.#database.prepare(`DELETE FROM endpoints ${own}`).run(names).changes > 0;
    });
  }

  /** {@inheritDoc DeliveryStore.put} */
  put(delivery: Delivery): Promise<void> {
    const { workspace_id, endpoint_id, event_id, seq, session_id, state, at } = delivery;
    return this.#run('INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
      workspace_id,
      endpoint_id,
      event_id,
      seq,
      session_id,
      state,
      at,
      JSON.stringify(delivery),
    ]);
  }

  /** {@inheritDoc DeliveryStore.remove} */
  remove(delivery: Pick<Delivery, 'workspace_id' | 'endpoint_id' | 'event_id'>): Promise<void> {
    const { workspace_id, endpoint_id, event_id } = delivery;
    const sql =
      'DELETE FROM deliveries WHERE workspace_id = ? AND endpoint_id = ? AND event_id = ?';
    return this.#run(sql, [workspace_id, endpoint_id, event_id]);
  }

  /** {@inheritDoc DeliveryStore.due} */
  due({ workspaceId, endpointId, now, limit, ordered }: DueRequest): Promise<readonly Delivery[]> {
    const isFirst = `AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.workspace_id = d.workspace_id
      AND e.endpoint_id = d.endpoint_id AND e.state = 'waiting' AND e.session_id = d.session_id AND e.seq < d.seq)`;
    const sql = `SELECT d.delivery FROM deliveries d WHERE d.workspace_id = ? AND d.endpoint_id = ?
      AND d.state = 'waiting' AND d.at <= ? ${ordered ? isFirst : ''} ORDER BY d.at, d.seq LIMIT ?`;
    return this.#all(sql, [workspaceId, endpointId, now, limit]);
  }

  /** {@inheritDoc DeliveryStore.nextAt} */
  nextAt(workspaceId: string, endpointId: string, now: number): Promise<number | undefined> {
    const sql =
      "SELECT min(at) FROM deliveries WHERE workspace_id = ? AND endpoint_id = ? AND state = 'waiting' AND at > ?";
    return this.#committer.read(() => {
      const row = this.#database.prepare(sql).get([workspaceId, endpointId, now]);
      const at = row?.[0] ?? undefined;
      return at === undefined ? undefined : Number(at);
    });
  }

  /** {@inheritDoc DeliveryStore.waitingSessions} */
  waitingSessions(workspaceId: string, endpointId: string): Promise<readonly string[]> {
    const sql = `SELECT DISTINCT session_id FROM deliveries
      WHERE workspace_id = ? AND endpoint_id = ? AND state = 'waiting' ORDER BY session_id`;
    return this.#committer.read(() =>
      this.#database
        .prepare(sql)
        .all([workspaceId, endpointId])
        .map(([sessionId]) => String(sessionId)),
    );
  }

  /** {@inheritDoc DeliveryStore.list} */
  list(
    workspaceId: string,
    endpointId: string,
    { state, after, limit }: Parameters<DeliveryStore['list']>[2],
  ): Promise<readonly Delivery[]> {
    const sql = `SELECT delivery FROM deliveries WHERE workspace_id = ? AND endpoint_id = ?
      AND state = ? AND seq > ? ORDER BY seq LIMIT ?`;
    return this.#all(sql, [workspaceId, endpointId, state, after, limit]);
  }

  /** {@inheritDoc DeliveryStore.pruneDead} */
  pruneDead(before: number, limit: number): Promise<number> {
    const key = 'workspace_id, endpoint_id, event_id';
    const sql = `DELETE FROM deliveries WHERE (${key}) IN (
      SELECT ${key} FROM deliveries WHERE state = 'dead' AND at < ? ORDER BY at LIMIT ?)`;
    return this.#committer.write(() => this.#database.prepare(sql).run([before, limit]).changes);
  }

  #run(sql: string, params: readonly Value[]): Promise<void> {
    return this.#committer.write(() => {
      this.#database.prepare(sql).run(params);
    });
  }

  #all<T>(sql: string, params: readonly Value[]): Promise<readonly T[]> {
    return this.#committer.read(() =>
      this.#database
        .prepare(sql)
        .all(params)
        .map(decode<T>),
    );
  }
}

function decode<T>([json]: Row): T {
  return JSON.parse(String(json)) as T;
}
