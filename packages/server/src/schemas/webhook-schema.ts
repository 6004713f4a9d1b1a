import type { Delivery, WebhookEndpoint } from '@blazz/core';
import { type Static, type TObject, Type } from '@sinclair/typebox';

/** A webhook endpoint as the API tells it. Its keys are told when they are made, and never again. */
export const endpointSchema: TObject = Type.Object({
  endpoint_id: Type.String(),
  workspace_id: Type.String(),
  url: Type.String(),
  types: Type.Optional(Type.Array(Type.String())),
  sessions: Type.Optional(Type.Array(Type.String())),
  ordered: Type.Boolean(),
  status: Type.Union([Type.Literal('enabled'), Type.Literal('disabled')]),
  reason: Type.Optional(Type.String({ description: 'Why it is disabled.' })),
  failing_since: Type.Optional(Type.String({ format: 'date-time' })),
  created_at: Type.String({ format: 'date-time' }),
  secret: Type.Optional(
    Type.String({ description: 'The newest key, told only where it was made just now.' }),
  ),
});

/** An event that an endpoint has not taken. */
export const deliverySchema: TObject = Type.Object({
  event_id: Type.String(),
  seq: Type.Integer(),
  session_id: Type.String(),
  attempts: Type.Integer(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('dead')]),
  at: Type.String({
    format: 'date-time',
    description: 'When it is tried again; when it was given up.',
  }),
  last_status: Type.Optional(Type.Integer({ description: 'Missing when nothing was answered.' })),
});

/** Writes an endpoint without its keys; with the newest one when `showSecret` says so. */
export function encodeEndpoint(
  endpoint: WebhookEndpoint,
  showSecret: boolean = false,
): Static<typeof endpointSchema> {
  const { secrets, created_at, failing_since, ...rest } = endpoint;
  return {
    ...rest,
    created_at: iso(created_at),
    ...(failing_since === undefined ? {} : { failing_since: iso(failing_since) }),
    ...(showSecret ? { secret: secrets[0] } : {}),
  };
}

/** Writes a delivery without its content. */
export function encodeDelivery(delivery: Delivery): Static<typeof deliverySchema> {
  const { body: _, workspace_id: __, endpoint_id: ___, at, ...rest } = delivery;
  return { ...rest, at: iso(at) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
