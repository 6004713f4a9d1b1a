import { type Decision, decisions, GatewayError, type ReceiptStatus } from '@blazz/core';
import { type Static, Type } from '@sinclair/typebox';
import { id, idParams, workspaceId } from '../schemas/ids';
import { encodeMessage, messageSchema, statusSchema } from '../schemas/message-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';

const grant = { kind: 'key', scope: 'messages', workspace: 'query' } as const;
const workspace_id = Type.Optional(
  Type.String({ description: 'May be left out when the key covers exactly one workspace.' }),
);

const decisionBody = Type.Object(
  {
    workspace_id: Type.Optional(workspaceId),
    decision: Type.Union(
      decisions.map((each) => Type.Literal(each)),
      { rule: `must be one of ${decisions.join(', ')}.` },
    ),
    provider_message_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "With mark_sent: WhatsApp's id, so that receipts find the message.",
      }),
    ),
  },
  { additionalProperties: false },
);

function toDecision({ decision, provider_message_id }: Static<typeof decisionBody>): Decision {
  if (decision === 'mark_sent') return { decision, provider_message_id };
  if (provider_message_id === undefined) return { decision };
  const why = 'provider_message_id goes with mark_sent only; leave it out.';
  throw new GatewayError('bad_request', why, { details: { path: 'provider_message_id' } });
}

/** The routes about messages that were accepted. */
export function messageRoutes(context: RouteContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/internal/messages/:id',
      summary: 'A message, its attempts and how it stands',
      grant,
      params: idParams,
      query: Type.Object({ workspace_id }, { additionalProperties: false }),
      answers: { 200: messageSchema },
      async handle({ workspaceId, params }) {
        const message = await context.gateway.workspace(workspaceId).message(params.id);
        return { data: encodeMessage(message) };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/messages/:id/decision',
      summary: 'Decide on a message that is unknown',
      description:
        'For somebody who looked into the chat. `retry`: it did not arrive, send it once more. `mark_sent`: it did. `mark_failed`: it did not, and is not to be sent any more. 409 when the message is not `unknown` any more.',
      grant: { kind: 'key', scope: 'send', workspace: 'body' },
      params: idParams,
      body: decisionBody,
      answers: { 200: messageSchema },
      async handle({ workspaceId, params, body, caller }) {
        const workspace = context.gateway.workspace(workspaceId);
        const message = await workspace.decide(params.id, toDecision(body), caller.id);
        return { data: encodeMessage(message) };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/messages',
      summary: 'List messages, newest first',
      description:
        'Pass `next_cursor` of one page as `cursor` of the following one; the last page has none.',
      grant,
      query: Type.Object(
        {
          workspace_id,
          session_id: Type.Optional(id),
          status: Type.Optional(statusSchema),
          cursor: Type.Optional(
            Type.String({ pattern: '^[0-9]{1,15}$', rule: 'must be the next_cursor of a page.' }),
          ),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
        },
        { additionalProperties: false },
      ),
      answers: {
        200: Type.Object({
          messages: Type.Array(messageSchema),
          next_cursor: Type.Optional(Type.String()),
        }),
      },
      async handle({ workspaceId, query }) {
        const { session_id: sessionId, status, cursor, limit = 50 } = query;
        const workspace = context.gateway.workspace(workspaceId);
        await workspace.config();
        const messages = await workspace.messages({
          sessionId,
          status: status as ReceiptStatus | undefined,
          before: cursor === undefined ? undefined : Number(cursor),
          limit,
        });
        const last = messages.length < limit ? undefined : messages.at(-1)?.position;
        return {
          data: {
            messages: messages.map((message) => encodeMessage(message)),
            ...(last === undefined ? {} : { next_cursor: String(last) }),
          },
        };
      },
    }),
  ];
}
