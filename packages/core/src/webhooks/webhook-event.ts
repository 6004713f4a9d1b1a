import { createHash, type KeyObject } from 'node:crypto';
import type { GatewayEvent } from '../events/event';
import { newId } from '../ids';
import { signWebhook } from '../signing/webhook-signature';
import type { Delivery, WebhookEndpoint } from '../store/delivery-store';
import type { WebhookRequest } from './webhook-transport';

/** A delivery of an event that has not been tried yet. */
export function deliveryOf(endpoint: WebhookEndpoint, event: GatewayEvent, now: number): Delivery {
  const { workspace_id, endpoint_id } = endpoint;
  return {
    workspace_id,
    endpoint_id,
    event_id: event.id,
    seq: event.seq,
    session_id: event.session_id,
    body: JSON.stringify(event),
    attempts: 0,
    state: 'waiting',
    at: now,
  };
}

/**
 * Tells an endpoint that it came too late for a stretch of the log. Its id is the same each time
 * the same stretch is told.
 */
export function gapOf(
  endpoint: WebhookEndpoint,
  gap: { readonly from: number; readonly to: number },
  now: number,
): Delivery {
  const text = `${endpoint.endpoint_id} ${gap.from} ${gap.to}`;
  const id = `evt_gap${createHash('sha256').update(text).digest('hex').slice(0, 23)}`;
  return notice(endpoint, { id, type: 'stream.gap', data: gap }, gap.to, now);
}

/** A delivery that says nothing, to see whether it arrives. */
export function testOf(endpoint: WebhookEndpoint, now: number): Delivery {
  const { endpoint_id } = endpoint;
  const facts = { id: newId('evt', now), type: 'endpoint.test', data: { endpoint_id } };
  return notice(endpoint, facts, 0, now);
}

/** One try of a delivery, signed with every key at this moment. */
export function requestOf(
  url: string,
  delivery: Delivery,
  keys: readonly KeyObject[],
  now: number,
): WebhookRequest {
  const body = Buffer.from(delivery.body);
  const timestamp = Math.floor(now / 1_000);
  const id = delivery.event_id;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook({ id, timestamp, body, keys }),
  };
  return { url, headers, body };
}

/** What an endpoint is told that is not in the log. */
function notice(
  { workspace_id, endpoint_id }: WebhookEndpoint,
  facts: { readonly id: string; readonly type: string; readonly data: object },
  seq: number,
  now: number,
): Delivery {
  const { id, type, data } = facts;
  const body = { id, type, workspace_id, time: new Date(now).toISOString(), data };
  return {
    workspace_id,
    endpoint_id,
    event_id: id,
    seq,
    session_id: '',
    body: JSON.stringify(body),
    attempts: 0,
    state: 'waiting',
    at: now,
  };
}
