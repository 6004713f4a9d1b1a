import { GatewayError } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { id, idParams, workspaceId } from '../schemas/ids';
import {
  encodeQuarantined,
  incomingBody,
  quarantinedSchema,
  toInboundMessage,
} from '../schemas/intake-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';

/** Meta posts at most 3 MB; what it quotes may be a little longer. */
const WEBHOOK_LIMIT = 4 * 1024 * 1024;

const open = { kind: 'public' } as const;
const byBody = { kind: 'key', scope: 'intake', workspace: 'body' } as const;
const byQuery = { kind: 'key', scope: 'intake', workspace: 'query' } as const;
const identifier = Type.Object({ identifier: id });
const entry = Type.Object({ entry_id: Type.String() });

/** The routes by which platforms and the primary application bring something in. */
export function intakeRoutes(context: RouteContext): readonly Route[] {
  const { gateway, clock } = context;
  return [
    route({
      method: 'GET',
      path: '/webhook/whatsapp/:identifier',
      summary: "Answer Meta's question whether this address is ours",
      description:
        "The address ends in a workspace's or a session's id. Answers `hub.challenge` when `hub.verify_token` is the one that was configured.",
      grant: open,
      bare: true,
      params: identifier,
      query: Type.Object({
        'hub.mode': Type.Optional(Type.String({ maxLength: 32 })),
        'hub.verify_token': Type.Optional(Type.String({ maxLength: 512 })),
        'hub.challenge': Type.Optional(Type.String({ maxLength: 256 })),
      }),
      answers: { 200: Type.String() },
      async handle({ params, query }) {
        const body = await gateway.intake.handshake(params.identifier, query);
        return { body, headers: { 'content-type': 'text/plain; charset=utf-8' } };
      },
    }),
    route({
      method: 'POST',
      path: '/webhook/whatsapp/:identifier',
      summary: 'Take what Meta posts',
      description:
        'Proven by `X-Hub-Signature-256` over the bytes that came. 200 once it is durable; what cannot be read is set aside, and answered with 200 too. 503 while the configuration behind the address cannot be read: post it again.',
      grant: open,
      params: identifier,
      bodyLimit: WEBHOOK_LIMIT,
      answers: { 200: Type.Object({ received: Type.Integer() }) },
      async handle({ params, body, header }) {
        const bytes = body as unknown;
        if (!Buffer.isBuffer(bytes)) throw new GatewayError('bad_request', 'Send a JSON body.');
        const posted = { identifier: params.identifier, header, body: bytes };
        return { data: { received: await gateway.intake.receive(posted) } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/incoming-message',
      summary: 'Forward a message that came in elsewhere',
      description:
        'Recorded as `message.received`, for whoever reads the events: auto-replies, bots, archives. 202 once it is durable.',
      grant: byBody,
      body: incomingBody,
      bodyLimit: 256 * 1024,
      answers: { 202: Type.Object({ session_id: Type.String() }) },
      async handle({ workspaceId: workspace, body }) {
        const message = toInboundMessage(body.message, clock.now());
        const session = await gateway.intake.forward(workspace, body.session_id, message);
        return { status: 202, data: { session_id: session.id } };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/intake',
      summary: 'What came in and was set aside',
      description:
        'Of one workspace, newest first. Go on with `before`, the last `entry_id` of the page.',
      grant: byQuery,
      query: Type.Object({
        workspace_id: Type.Optional(Type.String()),
        before: Type.Optional(Type.String({ maxLength: 64 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      }),
      answers: {
        200: Type.Object({
          waiting: Type.Integer(),
          quarantined: Type.Integer(),
          entries: Type.Array(quarantinedSchema),
        }),
      },
      async handle({ workspaceId: workspace, query }) {
        await gateway.workspace(workspace).config();
        const { before, limit = 50 } = query;
        const entries = await gateway.intake.quarantined(workspace, { before, limit });
        const depth = await gateway.store.intake.depth(workspace);
        return { data: { ...depth, entries: entries.map(encodeQuarantined) } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/intake/:id/release',
      summary: 'Have something that was set aside read again',
      grant: byBody,
      params: idParams,
      body: Type.Object(
        { workspace_id: workspaceId, session_id: Type.Optional(id) },
        { additionalProperties: false },
      ),
      answers: { 200: entry },
      async handle({ workspaceId: workspace, params, body }) {
        await gateway.intake.release(workspace, params.id, body.session_id);
        return { data: { entry_id: params.id } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/internal/intake/:id',
      summary: 'Forget something that was set aside',
      grant: byQuery,
      params: idParams,
      query: Type.Object({ workspace_id: Type.Optional(Type.String()) }),
      answers: { 200: entry },
      async handle({ workspaceId: workspace, params }) {
        await gateway.intake.discard(workspace, params.id);
        return { data: { entry_id: params.id } };
      },
    }),
  ];
}
