import { GatewayError, isGatewayError, toId, type WorkspaceConfig } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { restoreSecrets } from '../schemas/hidden-settings';
import { idParams } from '../schemas/ids';
import { encodeWorkspace, workspaceBody, workspaceSchema } from '../schemas/workspace-schema';
import type { RouteContext } from './context';
import { notFound } from './not-found';
import { type Route, route } from './route';

const grant = { kind: 'key', scope: 'workspaces', workspace: 'path' } as const;

/** The routes of workspaces' configuration. */
export function workspaceRoutes(context: RouteContext): readonly Route[] {
  const { gateway } = context;
  return [
    route({
      method: 'GET',
      path: '/internal/workspaces',
      summary: 'List workspaces',
      description: 'Those that the key covers and that are known without being asked for.',
      grant: { kind: 'key', scope: 'workspaces', workspace: 'none' },
      answers: { 200: Type.Array(workspaceSchema) },
      async handle({ caller }) {
        const all = await gateway.workspaces();
        const covered = all.filter((config) => caller.covers(config.workspace_id));
        return { data: covered.map(encodeWorkspace) };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/workspaces/:id',
      summary: "A workspace's configuration",
      grant,
      params: idParams,
      answers: { 200: workspaceSchema },
      handle: async ({ workspaceId }) => ({
        data: encodeWorkspace(await gateway.workspace(workspaceId).config()),
      }),
    }),
    route({
      method: 'PUT',
      path: '/internal/workspaces/:id',
      summary: "Write a workspace's configuration",
      description:
        'Replaces the whole configuration. Its sessions stop, and start again under the new one where they are linked.',
      grant,
      params: idParams,
      body: workspaceBody,
      bodyLimit: 256 * 1024,
      answers: { 200: workspaceSchema, 201: workspaceSchema },
      async handle({ workspaceId, body }) {
        const given = body as Readonly<Record<string, unknown>>;
        if (
          given.workspace_id !== undefined &&
          toId(given.workspace_id, 'workspace_id') !== workspaceId
        ) {
          throw new GatewayError('bad_request', 'workspace_id is not the id of the path.');
        }
        const before = await current(context, workspaceId);
        // What was read is what is in force, which may be on another provider than what is kept.
        const inForce = before && (await gateway.workspace(workspaceId).config());
        const whole = restoreSecrets({ ...given, workspace_id: workspaceId }, inForce);
        const config = await asBadRequest(() => gateway.configure(whole));
        return { status: before === undefined ? 201 : 200, data: encodeWorkspace(config) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/internal/workspaces/:id',
      summary: "Forget a workspace's configuration",
      description: 'Stops its sessions. Their credentials, messages and events stay.',
      grant,
      params: idParams,
      answers: { 200: Type.Object({ workspace_id: Type.String(), deleted: Type.Literal(true) }) },
      async handle({ workspaceId }) {
        if ((await current(context, workspaceId)) === undefined) throw notFound();
        await gateway.remove(workspaceId);
        return { data: { workspace_id: workspaceId, deleted: true } };
      },
    }),
  ];
}

/**
 * The stored configuration of a workspace.
 * @throws GatewayError `conflict` when the workspace is configured elsewhere, where a write would have no effect
 */
async function current(
  { gateway }: RouteContext,
  workspaceId: string,
): Promise<WorkspaceConfig | undefined> {
  const stored = await gateway.store.workspaces.get(workspaceId);
  if (stored !== undefined) return stored;
  const elsewhere = await gateway
    .workspace(workspaceId)
    .config()
    .catch((error: unknown) => {
      if (isGatewayError(error) && error.code === 'not_found') return undefined;
      throw error;
    });
  if (elsewhere === undefined) return undefined;
  throw new GatewayError(
    'conflict',
    'This workspace is configured outside the API (in code, a file or the primary application). Change it there.',
  );
}

/** A faulty configuration of the caller's is a bad request, not a fault of this server's set-up. */
export async function asBadRequest<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!isGatewayError(error) || error.code !== 'invalid_config') throw error;
    throw new GatewayError('bad_request', error.message, { cause: error, details: error.details });
  }
}
