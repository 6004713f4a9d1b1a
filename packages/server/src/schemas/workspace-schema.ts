import { idPattern } from '@blazz/core';
import { type TObject, Type } from '@sinclair/typebox';

const config = {
  provider_type: Type.String({ description: 'The provider of its sessions, such as web_js.' }),
  settings: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: "The provider's own settings." }),
  ),
};

/** A workspace's configuration. */
export const workspaceSchema: TObject = Type.Object({
  workspace_id: Type.String(),
  ...config,
  sessions: Type.Array(Type.Object({ session_id: Type.String() })),
});

/** A workspace's configuration as it is written: its id stands in the path. */
export const workspaceBody: TObject = Type.Object(
  {
    workspace_id: Type.Optional(
      Type.Unknown({ description: 'When given, the same as in the path.' }),
    ),
    ...config,
    sessions: Type.Optional(
      Type.Array(Type.Object({ session_id: Type.String({ pattern: idPattern.source }) }), {
        minItems: 1,
        maxItems: 1000,
        description: 'The first is the primary one. Default: one, called session_{workspace_id}.',
      }),
    ),
  },
  { additionalProperties: false },
);
