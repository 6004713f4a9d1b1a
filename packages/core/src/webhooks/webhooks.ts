import { randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error';
import { newId } from '../ids';
import { Serial } from '../session/serial';
import { parseWebhookSecret } from '../signing/webhook-signature';
import type { Delivery, WebhookEndpoint } from '../store/delivery-store';
import { Deliverer } from './deliverer';
import { deliveryLimits } from './delivery-schedule';
import { parseEndpointRequest } from './endpoint-request';
import { consumerOf } from './log-reader';
import type { WebhookContext } from './webhook-context';
import { requestOf, testOf } from './webhook-event';

/** How many endpoints a workspace may have. */
const MOST_ENDPOINTS = 20;
/** How many keys an endpoint may have at a time. */
const MOST_SECRETS = 5;

/** The webhooks of a gateway: its endpoints, and what delivers to each. */
export class Webhooks {
  readonly #context: WebhookContext;
  readonly #deliverers = new Map<string, Deliverer>();
  readonly #changes: Serial = new Serial(() => undefined);
  #isOpen = false;

  /** @param context what deliveries work with */
  constructor(context: WebhookContext) {
    this.#context = context;
  }

  /** Delivers to every endpoint that is enabled. */
  async start(): Promise<void> {
    this.#isOpen = true;
    for (const endpoint of await this.#context.store.deliveries.endpoints()) {
      await this.#run(endpoint);
    }
  }

  /** Stops. What is in flight comes again with the next start. Idempotent. */
  async stop(): Promise<void> {
    this.#isOpen = false;
    await this.#changes.run(async () => {
      await Promise.all([...this.#deliverers.values()].map((each) => each.stop()));
      this.#deliverers.clear();
    });
  }

  /** A workspace's endpoints, oldest first. */
  list(workspaceId: string): Promise<readonly WebhookEndpoint[]> {
    return this.#context.store.deliveries.endpoints(workspaceId);
  }

  /**
   * An endpoint.
   * @throws GatewayError `not_found`
   */
  async get(workspaceId: string, endpointId: string): Promise<WebhookEndpoint> {
    const all = await this.list(workspaceId);
    const found = all.find(({ endpoint_id }) => endpoint_id === endpointId);
    if (found === undefined) throw new GatewayError('not_found', 'There is no such endpoint.');
    return found;
  }

  /**
   * Adds an endpoint; events from now on are delivered to it.
   * @param request an `EndpointRequest`; checked here
   * @throws GatewayError `bad_request`, `address_refused`, or `conflict` when there are 20 already
   */
  async add(workspaceId: string, request: unknown): Promise<WebhookEndpoint> {
    const { store, clock, transport } = this.#context;
    const { ordered = false, ...asked } = parseEndpointRequest(request);
    transport.check(asked.url);
    return await this.#changes.run(async () => {
      if ((await this.list(workspaceId)).length >= MOST_ENDPOINTS) {
        throw new GatewayError('conflict', `A workspace has at most ${MOST_ENDPOINTS} endpoints.`);
      }
      const now = clock.now();
      const endpoint: WebhookEndpoint = {
        ...asked,
        endpoint_id: newId('whe', now),
        workspace_id: workspaceId,
        secrets: [newSecret()],
        ordered,
        status: 'enabled',
        created_at: now,
      };
      const { headSeq } = await store.events.bounds(workspaceId);
      const consumer = consumerOf(endpoint.endpoint_id);
      await store.events.saveCursor(workspaceId, consumer, headSeq, now);
      await store.deliveries.saveEndpoint(endpoint);
      await this.#run(endpoint);
      return endpoint;
    });
  }

  /**
   * Forgets an endpoint and what it is owed.
   * @throws GatewayError `not_found`
   */
  remove(workspaceId: string, endpointId: string): Promise<void> {
    return this.#changes.run(async () => {
      await this.get(workspaceId, endpointId);
      await this.#halt(endpointId);
      const { deliveries, events } = this.#context.store;
      await deliveries.deleteEndpoint(workspaceId, endpointId);
      // Last: an endpoint without its place would begin with the oldest event.
      await events.deleteCursor(workspaceId, consumerOf(endpointId));
    });
  }

  /**
   * Gives an endpoint a new key. The old ones stay active beside it, so that nothing is refused
   * while the receiver changes over; keep fewer to retire them.
   * @param keep how many old keys stay active, 0 to 4. Default: 1
   * @throws GatewayError `not_found`
   */
  rotate(workspaceId: string, endpointId: string, keep: number = 1): Promise<WebhookEndpoint> {
    const old = Math.min(Math.max(0, keep), MOST_SECRETS - 1);
    return this.#change(workspaceId, endpointId, (endpoint) => ({
      ...endpoint,
      secrets: [newSecret(), ...endpoint.secrets.slice(0, old)],
    }));
  }

  /**
   * Delivers again to an endpoint that was disabled, from where it stopped.
   * @throws GatewayError `not_found`
   */
  enable(workspaceId: string, endpointId: string): Promise<WebhookEndpoint> {
    return this.#change(workspaceId, endpointId, ({ reason: _, failing_since: __, ...rest }) => ({
      ...rest,
      status: 'enabled',
    }));
  }

  /**
   * Posts an event of type `endpoint.test` once, now.
   * @returns what was answered; `undefined` when nothing was
   * @throws GatewayError `not_found`, `address_refused`
   */
  async test(workspaceId: string, endpointId: string): Promise<number | undefined> {
    const { clock, transport } = this.#context;
    const endpoint = await this.get(workspaceId, endpointId);
    transport.check(endpoint.url);
    const keys = endpoint.secrets.map(parseWebhookSecret);
    const now = clock.now();
    const request = requestOf(endpoint.url, testOf(endpoint, now), keys, now);
    const answer = await transport
      .post(request, AbortSignal.timeout(deliveryLimits.tryMs))
      .catch(() => undefined);
    return answer?.status;
  }

  /** What an endpoint has not taken: waiting for a further try, or given up. By `seq`. */
  async deliveries(
    workspaceId: string,
    endpointId: string,
    query: { readonly state: Delivery['state']; readonly after: number; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    await this.get(workspaceId, endpointId);
    return this.#context.store.deliveries.list(workspaceId, endpointId, query);
  }

  /**
   * Tries again what was given up: one event, or all of them.
   * @returns how many are tried again
   * @throws GatewayError `not_found`
   */
  async replay(workspaceId: string, endpointId: string, eventId?: string): Promise<number> {
    const { store, clock } = this.#context;
    await this.get(workspaceId, endpointId);
    let count = 0;
    for (let after = 0, more = true; more; ) {
      const query = { state: 'dead', after, limit: 200 } as const;
      const page = await store.deliveries.list(workspaceId, endpointId, query);
      for (const each of page) {
        after = each.seq;
        if (eventId !== undefined && each.event_id !== eventId) continue;
        await store.deliveries.put({ ...each, attempts: 0, state: 'waiting', at: clock.now() });
        count++;
      }
      more = page.length === query.limit;
    }
    this.#deliverers.get(endpointId)?.wake();
    return count;
  }

  #change(
    workspaceId: string,
    endpointId: string,
    change: (endpoint: WebhookEndpoint) => WebhookEndpoint,
  ): Promise<WebhookEndpoint> {
    return this.#changes.run(async () => {
      await this.#halt(endpointId);
      // Read after the halt: until then the deliverer may have written it.
      const endpoint = await this.get(workspaceId, endpointId);
      const changed = change(endpoint);
      await this.#context.store.deliveries.saveEndpoint(changed);
      await this.#run(changed);
      return changed;
    });
  }

  async #run(endpoint: WebhookEndpoint): Promise<void> {
    if (!this.#isOpen || endpoint.status !== 'enabled') return;
    const deliverer = new Deliverer(endpoint, this.#context);
    this.#deliverers.set(endpoint.endpoint_id, deliverer);
    await deliverer.start();
  }

  async #halt(endpointId: string): Promise<void> {
    await this.#deliverers.get(endpointId)?.stop();
    this.#deliverers.delete(endpointId);
  }
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
