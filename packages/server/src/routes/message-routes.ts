import type { ReceiptStatus } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { id, idParams } from '../schemas/ids';
import { encodeMessage, messageSchema, statusSchema } from '../schemas/message-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';

const grant = { kind: 'key', scope: 'messages', workspace: 'query' } as const;
const workspace_id = Type.Optional(
  Type.String({ description: 'May be left out when the key covers exactly one workspace.' }),
);

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
