import type { EventDraft } from '../../events/event';
import type { Delivery, DeliveryStore, DueRequest, WebhookEndpoint } from '../delivery-store';
import type { MemoryEvents } from './memory-events';
import { snapshot } from './snapshot';

/** Webhook endpoints in memory, and what they have yet to take. */
export class MemoryDeliveries implements DeliveryStore {
  readonly #events: MemoryEvents;
  readonly #endpoints = new Map<string, WebhookEndpoint>();
  readonly #deliveries = new Map<string, Map<string, Delivery>>();

  /** @param events tells of endpoints that were disabled */
  constructor(events: MemoryEvents) {
    this.#events = events;
  }

  /** {@inheritDoc DeliveryStore.saveEndpoint} */
  async saveEndpoint(endpoint: WebhookEndpoint, event?: EventDraft): Promise<void> {
    if (event !== undefined) this.#events.log(endpoint.workspace_id).append([event]);
    this.#endpoints.set(nameOf(endpoint.workspace_id, endpoint.endpoint_id), snapshot(endpoint));
  }

  /** {@inheritDoc DeliveryStore.endpoints} */
  async endpoints(workspaceId?: string): Promise<readonly WebhookEndpoint[]> {
    return [...this.#endpoints.values()]
      .filter((each) => workspaceId === undefined || each.workspace_id === workspaceId)
      .sort((a, b) => a.created_at - b.created_at || (a.endpoint_id < b.endpoint_id ? -1 : 1));
  }

  /** {@inheritDoc DeliveryStore.deleteEndpoint} */
  async deleteEndpoint(workspaceId: string, endpointId: string): Promise<boolean> {
    const name = nameOf(workspaceId, endpointId);
    this.#deliveries.delete(name);
    return this.#endpoints.delete(name);
  }

  /** {@inheritDoc DeliveryStore.put} */
  async put(delivery: Delivery): Promise<void> {
    const name = nameOf(delivery.workspace_id, delivery.endpoint_id);
    const own = this.#deliveries.get(name) ?? new Map<string, Delivery>();
    this.#deliveries.set(name, own.set(delivery.event_id, snapshot(delivery)));
  }

  /** {@inheritDoc DeliveryStore.remove} */
  async remove({
    workspace_id,
    endpoint_id,
    event_id,
  }: Pick<Delivery, 'workspace_id' | 'endpoint_id' | 'event_id'>): Promise<void> {
    this.#deliveries.get(nameOf(workspace_id, endpoint_id))?.delete(event_id);
  }

  /** {@inheritDoc DeliveryStore.due} */
  async due(request: DueRequest): Promise<readonly Delivery[]> {
    const { workspaceId, endpointId, now, limit, ordered } = request;
    const waiting = this.#of(workspaceId, endpointId, 'waiting');
    const first = new Map<string, Delivery>();
    for (const each of waiting) if (!first.has(each.session_id)) first.set(each.session_id, each);
    return (ordered ? [...first.values()] : waiting)
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at || a.seq - b.seq)
      .slice(0, limit);
  }

  /** {@inheritDoc DeliveryStore.nextAt} */
  async nextAt(workspaceId: string, endpointId: string, now: number): Promise<number | undefined> {
    const times = this.#of(workspaceId, endpointId, 'waiting').flatMap(({ at }) =>
      at > now ? at : [],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** {@inheritDoc DeliveryStore.waitingSessions} */
  async waitingSessions(workspaceId: string, endpointId: string): Promise<readonly string[]> {
    const waiting = this.#of(workspaceId, endpointId, 'waiting');
    return [...new Set(waiting.map(({ session_id }) => session_id))].sort();
  }

  /** {@inheritDoc DeliveryStore.list} */
  async list(
    workspaceId: string,
    endpointId: string,
    query: Parameters<DeliveryStore['list']>[2],
  ): Promise<readonly Delivery[]> {
    return this.#of(workspaceId, endpointId, query.state)
      .filter(({ seq }) => seq > query.after)
      .slice(0, query.limit);
  }

  /** {@inheritDoc DeliveryStore.pruneDead} */
  async pruneDead(before: number, limit: number): Promise<number> {
    let count = 0;
    for (const own of this.#deliveries.values()) {
      for (const { state, at, event_id } of own.values()) {
        if (count === limit) return count;
        if (state === 'dead' && at < before && own.delete(event_id)) count++;
      }
    }
    return count;
  }

  #of(workspaceId: string, endpointId: string, state: Delivery['state']): Delivery[] {
    const own = this.#deliveries.get(nameOf(workspaceId, endpointId));
    return [...(own?.values() ?? [])]
      .filter((each) => each.state === state)
      .sort((a, b) => a.seq - b.seq);
  }
}

/** Ids have no blank, so that no two pairs make the same name. */
function nameOf(workspaceId: string, endpointId: string): string {
  return `${workspaceId} ${endpointId}`;
}
