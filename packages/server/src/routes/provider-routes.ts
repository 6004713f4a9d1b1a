import { Type } from '@sinclair/typebox';
import { restoreSecrets } from '../schemas/hidden-settings';
import { workspaceId } from '../schemas/ids';
import { encodeWorkspace, workspaceSchema } from '../schemas/workspace-schema';
import type { RouteContext } from './context';
import { type Route, route } from './route';
import { asBadRequest } from './workspace-routes';

/** The route that puts a workspace on another provider. */
export function providerRoutes({ gateway }: RouteContext): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/internal/provider/switch',
      summary: 'Put a workspace on another provider',
      description:
        'Sends in flight finish, what is queued goes out by the new provider. Its settings are those of the configuration under `providers`, or those given here for a workspace that is managed over the API. Holds until the workspace is configured anew.',
      grant: { kind: 'key', scope: 'workspaces', workspace: 'body' },
      body: Type.Object(
        {
          workspace_id: workspaceId,
          provider_type: Type.String({ minLength: 1, maxLength: 64 }),
          settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        },
        { additionalProperties: false },
      ),
      bodyLimit: 256 * 1024,
      answers: { 200: workspaceSchema },
      async handle({ workspaceId: id, body, caller }) {
        const { provider_type: to } = body;
        const { provider_type, settings: own, providers } = await gateway.workspace(id).config();
        const known = (to === provider_type ? own : undefined) ?? providers?.[to];
        const settings = restoreSecrets(body.settings, known, 'settings');
        const request = { to, settings, by: caller.id };
        const inForce = await asBadRequest(() => gateway.switchProvider(id, request));
        return { data: encodeWorkspace(inForce) };
      },
    }),
  ];
}
