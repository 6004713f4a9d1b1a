import type { EventDraft, EventType } from '../events/event';

/** Where a workspace's events are delivered to. */
export interface WebhookEndpoint {
  /** `whe_…`. */
  readonly endpoint_id: string;
  /** The tenant. */
  readonly workspace_id: string;
  /** Where to, `https:`. */
  readonly url: string;
  /** The active keys, newest first, each `whsec_…`. Every delivery is signed with all of them. */
  readonly secrets: readonly string[];
  /** Only these types. Default: all. */
  readonly types?: readonly EventType[];
  /** Only of these sessions. Default: all. */
  readonly sessions?: readonly string[];
  /** Whether an event waits until those before it, of the same session, have been delivered. */
  readonly ordered: boolean;
  /** Whether events are delivered. */
  readonly status: 'enabled' | 'disabled';
  /** Why it is disabled, as one word. */
  readonly reason?: DisabledReason;
  /** Since when every delivery has failed, milliseconds since 1970. */
  readonly failing_since?: number;
  /** When it was added, milliseconds since 1970. */
  readonly created_at: number;
}

/** Why an endpoint is disabled. */
export type DisabledReason =
  /** It answered 410. */
  | 'gone'
  /** It failed for 120 hours. */
  | 'failing';

/** An event that an endpoint did not take at once. One that it took leaves nothing behind. */
export interface Delivery {
  /** The endpoint. */
  readonly endpoint_id: string;
  /** The tenant. */
  readonly workspace_id: string;
  /** The event's id. */
  readonly event_id: string;
  /** The event's place in the log. */
  readonly seq: number;
  /** The event's session. */
  readonly session_id: string;
  /** The event as it is delivered, byte for byte: it may be gone from the log by then. */
  readonly body: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** Whether it waits for its next try, or was given up. */
  readonly state: 'waiting' | 'dead';
  /** When it is tried again; when it was given up. Milliseconds since 1970. */
  readonly at: number;
  /** What was answered last; missing when nothing was. */
  readonly last_status?: number;
}

/** Which deliveries are due. */
export interface DueRequest {
  /** The tenant. */
  readonly workspaceId: string;
  /** The endpoint. */
  readonly endpointId: string;
  /** Now, milliseconds since 1970. */
  readonly now: number;
  /** At most this many, 1 to 100. */
  readonly limit: number;
  /** Whether each session offers its oldest waiting delivery only. */
  readonly ordered: boolean;
}

/** Webhook endpoints, and what they have yet to take. */
export interface DeliveryStore {
  /**
   * Writes an endpoint, whole.
   * @param event what tells of the change, appended to the workspace's log: both or neither
   */
  saveEndpoint(endpoint: WebhookEndpoint, event?: EventDraft): Promise<void>;
  /** The endpoints of one workspace, or of all, oldest first. */
  endpoints(workspaceId?: string): Promise<readonly WebhookEndpoint[]>;
  /**
   * Forgets an endpoint and its deliveries.
   * @returns whether there was one
   */
  deleteEndpoint(workspaceId: string, endpointId: string): Promise<boolean>;
  /** Writes a delivery, whole. */
  put(delivery: Delivery): Promise<void>;
  /** Forgets a delivery: it was taken. */
  remove(delivery: Pick<Delivery, 'workspace_id' | 'endpoint_id' | 'event_id'>): Promise<void>;
  /** The waiting deliveries that are due, those that have waited longest first. */
  due(request: DueRequest): Promise<readonly Delivery[]>;
  /** The earliest time after `now` at which a waiting delivery comes due, milliseconds since 1970. */
  nextAt(workspaceId: string, endpointId: string, now: number): Promise<number | undefined>;
  /** The sessions that have waiting deliveries. */
  waitingSessions(workspaceId: string, endpointId: string): Promise<readonly string[]>;
  /** Deliveries in a state, by `seq`. */
  list(
    workspaceId: string,
    endpointId: string,
    query: {
      /** The state. */
      readonly state: Delivery['state'];
      /** Only those with a higher `seq`. */
      readonly after: number;
      /** At most this many, 1 to 200. */
      readonly limit: number;
    },
  ): Promise<readonly Delivery[]>;
  /**
   * Forgets deliveries that were given up before a time, milliseconds since 1970.
   * @param limit at most this many in one call, 1 to 1000
   * @returns how many
   */
  pruneDead(before: number, limit: number): Promise<number>;
}
