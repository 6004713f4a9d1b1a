import { GatewayError, type Webhooks } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { idParams, workspaceId } from '../schemas/ids';
import {
  deliverySchema,
  encodeDelivery,
  encodeEndpoint,
  endpointSchema,
} from '../schemas/webhook-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';

const byQuery = { kind: 'key', scope: 'webhooks', workspace: 'query' } as const;
const byBody = { kind: 'key', scope: 'webhooks', workspace: 'body' } as const;
const named = Type.Optional(
  Type.String({ description: 'May be left out when the key covers exactly one workspace.' }),
);
const query = Type.Object({ workspace_id: named }, { additionalProperties: false });
const workspace_id = Type.Optional(workspaceId);
const onlyWorkspace = Type.Object({ workspace_id }, { additionalProperties: false });

/** The routes of outbound webhooks. */
export function webhookRoutes(context: RouteContext): readonly Route[] {
  const webhooks = (): Webhooks => {
    const found = context.gateway.webhooks;
    if (found !== undefined) return found;
    const why = 'This instance delivers no webhooks: its gateway was made without a transport.';
    throw new GatewayError('not_found', why);
  };
  return [
    route({
      method: 'GET',
      path: '/internal/webhooks',
      summary: 'The webhook endpoints of a workspace',
      grant: byQuery,
      query,
      answers: { 200: Type.Object({ endpoints: Type.Array(endpointSchema) }) },
      async handle({ workspaceId: id }) {
        await context.gateway.workspace(id).config();
        const endpoints = await webhooks().list(id);
        return { data: { endpoints: endpoints.map((each) => encodeEndpoint(each)) } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/webhooks',
      summary: 'Add a webhook endpoint',
      description:
        'Events from now on are delivered to it, by Standard Webhooks. `secret` is told here and nowhere else.',
      grant: byBody,
      body: Type.Object(
        {
          workspace_id,
          url: Type.String({ maxLength: 2_048 }),
          types: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
          sessions: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
          ordered: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
      answers: { 201: endpointSchema },
      async handle({ workspaceId: id, body }) {
        await context.gateway.workspace(id).config();
        const { workspace_id: _, ...request } = body;
        return { status: 201, data: encodeEndpoint(await webhooks().add(id, request), true) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/internal/webhooks/:id',
      summary: 'Remove a webhook endpoint, with what it is owed',
      grant: byQuery,
      params: idParams,
      query,
      answers: { 200: Type.Object({ removed: Type.Boolean() }) },
      async handle({ workspaceId: id, params }) {
        await webhooks().remove(id, params.id);
        return { data: { removed: true } };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/webhooks/:id/deliveries',
      summary: 'What an endpoint has not taken',
      description:
        'Pass `next` of one page as `after` of the following one; the last page has none.',
      grant: byQuery,
      params: idParams,
      query: Type.Object(
        {
          workspace_id: named,
          state: Type.Optional(
            Type.Union([Type.Literal('waiting'), Type.Literal('dead')], {
              default: 'dead',
              rule: 'must be waiting or dead.',
            }),
          ),
          after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        },
        { additionalProperties: false },
      ),
      answers: {
        200: Type.Object({
          deliveries: Type.Array(deliverySchema),
          next: Type.Optional(Type.Integer()),
        }),
      },
      async handle({ workspaceId: id, params, query: { state = 'dead', after = 0, limit = 50 } }) {
        const page = await webhooks().deliveries(id, params.id, { state, after, limit });
        const next = page.length < limit ? undefined : page.at(-1)?.seq;
        return {
          data: {
            deliveries: page.map(encodeDelivery),
            ...(next === undefined ? {} : { next }),
          },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/webhooks/:id/replay',
      summary: 'Try again what was given up',
      description: 'One event by `event_id`, or all of them.',
      grant: byBody,
      params: idParams,
      body: Type.Object(
        { workspace_id, event_id: Type.Optional(Type.String({ maxLength: 128 })) },
        { additionalProperties: false },
      ),
      answers: { 200: Type.Object({ replayed: Type.Integer() }) },
      async handle({ workspaceId: id, params, body }) {
        return { data: { replayed: await webhooks().replay(id, params.id, body.event_id) } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/webhooks/:id/test',
      summary: 'Post an event of type endpoint.test, once',
      grant: byBody,
      params: idParams,
      body: onlyWorkspace,
      answers: {
        200: Type.Object({
          status: Type.Optional(
            Type.Integer({ description: 'Missing when nothing was answered.' }),
          ),
        }),
      },
      async handle({ workspaceId: id, params }) {
        const status = await webhooks().test(id, params.id);
        return { data: status === undefined ? {} : { status } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/webhooks/:id/rotate',
      summary: 'Give an endpoint a new key',
      description:
        'The newest `keep` of the old ones (1) stay active, so that nothing is refused meanwhile.',
      grant: byBody,
      params: idParams,
      body: Type.Object(
        { workspace_id, keep: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })) },
        { additionalProperties: false },
      ),
      answers: { 200: endpointSchema },
      async handle({ workspaceId: id, params, body }) {
        return { data: encodeEndpoint(await webhooks().rotate(id, params.id, body.keep), true) };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/webhooks/:id/enable',
      summary: 'Deliver again to an endpoint that was disabled',
      grant: byBody,
      params: idParams,
      body: onlyWorkspace,
      answers: { 200: endpointSchema },
      async handle({ workspaceId: id, params }) {
        return { data: encodeEndpoint(await webhooks().enable(id, params.id)) };
      },
    }),
  ];
}
