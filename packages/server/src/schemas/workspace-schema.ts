import { idPattern, type WorkspaceConfig } from '@blazz/core';
import { type TObject, Type } from '@sinclair/typebox';
import { hideSecrets } from './hidden-settings';

const settings = Type.Record(Type.String(), Type.Unknown());
const providerSettings = {
  settings: Type.Optional({
    ...settings,
    description: "The provider's own settings. Secrets are answered as `(hidden)`.",
  }),
  providers: Type.Optional(
    Type.Record(Type.String(), settings, {
      description: 'The settings of other providers that it may be switched to, by type.',
    }),
  ),
};

const config = {
  provider_type: Type.String({ description: 'The provider of its sessions, such as web_js.' }),
  ...providerSettings,
};

/** A workspace's configuration. */
export const workspaceSchema: TObject = Type.Object({
  workspace_id: Type.String(),
  ...config,
  sessions: Type.Array(Type.Object({ session_id: Type.String(), ...providerSettings })),
});

/** A workspace's configuration as it is written: its id stands in the path. */
export const workspaceBody: TObject = Type.Object(
  {
    workspace_id: Type.Optional(
      Type.Unknown({ description: 'When given, the same as in the path.' }),
    ),
    ...config,
    sessions: Type.Optional(
      Type.Array(
        Type.Object({
          session_id: Type.String({ pattern: idPattern.source }),
          ...providerSettings,
        }),
        {
          minItems: 1,
          maxItems: 1000,
          description: 'The first is the primary one. Default: one, called session_{workspace_id}.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);

/** A workspace's configuration as it is answered: without its secrets. */
export function encodeWorkspace(config: WorkspaceConfig): WorkspaceConfig {
  return hideSecrets(config);
}
