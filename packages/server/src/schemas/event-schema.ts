import { type EventType, eventTypes, GatewayError } from '@blazz/core';
import { type TObject, Type } from '@sinclair/typebox';

/** An event of the log. */
export const eventSchema: TObject = Type.Object({
  id: Type.String({ description: 'The dedupe key: the same event may come more than once.' }),
  seq: Type.Integer({ description: "Its place in the workspace's log." }),
  type: Type.Union(eventTypes.map((type) => Type.Literal(type))),
  workspace_id: Type.String(),
  session_id: Type.String(),
  time: Type.String({ format: 'date-time' }),
  data: Type.Record(Type.String(), Type.Unknown()),
});

/**
 * Reads a list of event types.
 * @throws GatewayError `bad_request` when one does not exist
 */
export function parseEventTypes(names: readonly string[]): readonly EventType[] {
  return names.map((name) => {
    const type = eventTypes.find((known) => known === name);
    if (type !== undefined) return type;
    throw new GatewayError('bad_request', `types: choose from ${eventTypes.join(', ')}.`, {
      details: { path: 'types' },
    });
  });
}
