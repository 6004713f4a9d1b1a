import { toId } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { id, idParams, workspaceId } from '../schemas/ids';
import { encodeQuarantined, quarantinedSchema } from '../schemas/intake-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';

const grant = { kind: 'key', scope: 'intake', workspace: 'every' } as const;
const entry = Type.Object({ entry_id: Type.String() });

/** The routes for what came in and is nobody's: for keys that cover every workspace. */
export function unclaimedRoutes({ gateway }: RouteContext): readonly Route[] {
  const { unclaimed } = gateway.intake;
  return [
    route({
      method: 'GET',
      path: '/internal/intake/unclaimed',
      summary: "What came in and is no workspace's",
      description:
        'For keys that cover every workspace. What is about an account that no session has, or cannot be cut, newest first. A session that is configured with the account and the app secret gets it by itself. Go on with `before`, the last `entry_id` of the page.',
      grant,
      query: Type.Object({
        before: Type.Optional(Type.String({ maxLength: 64 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      }),
      answers: {
        200: Type.Object({ unclaimed: Type.Integer(), entries: Type.Array(quarantinedSchema) }),
      },
      async handle({ query }) {
        const { before, limit = 50 } = query;
        const entries = await unclaimed.list({ before, limit });
        const count = await unclaimed.count();
        return { data: { unclaimed: count, entries: entries.map(encodeQuarantined) } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/intake/unclaimed/:id/release',
      summary: "Have something that is no workspace's read by a session",
      description:
        'For keys that cover every workspace, and for whoever knows whose it is. Default: the session of the workspace that has the account, else its primary one.',
      grant,
      params: idParams,
      body: Type.Object(
        { workspace_id: workspaceId, session_id: Type.Optional(id) },
        { additionalProperties: false },
      ),
      answers: { 200: entry },
      async handle({ params, body }) {
        const to = toId(body.workspace_id, 'workspace_id');
        await unclaimed.release(params.id, to, body.session_id);
        return { data: { entry_id: params.id } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/internal/intake/unclaimed/:id',
      summary: "Forget something that is no workspace's",
      description: 'For keys that cover every workspace.',
      grant,
      params: idParams,
      answers: { 200: entry },
      async handle({ params }) {
        await unclaimed.discard(params.id);
        return { data: { entry_id: params.id } };
      },
    }),
  ];
}
