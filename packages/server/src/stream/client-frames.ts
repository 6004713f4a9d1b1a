import { type EventType, eventTypes, idPattern, ownConsumers, toId } from '@blazz/core';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

const id = Type.String({ pattern: idPattern.source });
/** A whole number that is exact: a larger one has no decimal digits that could be an id. */
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const workspace = Type.Union([id, whole]);
const seq = whole;
const closed = { additionalProperties: false } as const;

const frame = Type.Union([
  Type.Object(
    {
      type: Type.Literal('subscribe'),
      workspace_id: workspace,
      after: Type.Optional(Type.Union([seq, Type.Literal('head'), Type.Literal('oldest')])),
      types: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 })),
      sessions: Type.Optional(Type.Array(id, { maxItems: 1000 })),
      consumer: Type.Optional(id),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('ack'), seq, workspace_id: Type.Optional(workspace) }, closed),
]);
const compiled = TypeCompiler.Compile(frame);

/** Asks for the events of a workspace. */
export interface SubscribeFrame {
  /** The kind of frame. */
  readonly type: 'subscribe';
  /** The workspace. */
  readonly workspaceId: string;
  /** Events after this `seq`. Default: the consumer's own place, or else the head. */
  readonly after: number | 'head' | 'oldest' | undefined;
  /** Only these types. */
  readonly types: readonly EventType[] | undefined;
  /** Only of these sessions. */
  readonly sessions: readonly string[] | undefined;
  /** The name under which the gateway remembers how far the client is. */
  readonly consumer: string | undefined;
}

/** Tells that every event up to a `seq` was handled. */
export interface AckFrame {
  /** The kind of frame. */
  readonly type: 'ack';
  /** The highest `seq` that was handled, and all before it. */
  readonly seq: number;
  /** The workspace; may be left out while there is one subscription. */
  readonly workspaceId: string | undefined;
}

/** What a client can say. */
export type ClientFrame = SubscribeFrame | AckFrame;

/** Reads a client's frame; `undefined` when it is not one. */
export function parseClientFrame(text: string): ClientFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!compiled.Check(value)) return undefined;
  return value.type === 'ack' ? ackFrame(value) : subscribeFrame(value);
}

type Value = Static<typeof frame>;

function ackFrame({ seq, workspace_id }: Extract<Value, { type: 'ack' }>): AckFrame {
  const workspaceId = workspace_id === undefined ? undefined : toId(workspace_id, 'workspace_id');
  return { type: 'ack', seq, workspaceId };
}

function subscribeFrame(value: Extract<Value, { type: 'subscribe' }>): SubscribeFrame | undefined {
  const { types, sessions, consumer, after } = value;
  const known = types?.map((name) => eventTypes.find((type) => type === name));
  if (known?.includes(undefined)) return undefined;
  // A client that moved the place of a webhook endpoint on would make it miss events.
  if (consumer?.startsWith(ownConsumers)) return undefined;
  return {
    type: 'subscribe',
    workspaceId: toId(value.workspace_id, 'workspace_id'),
    after,
    types: known as EventType[] | undefined,
    sessions,
    consumer,
  };
}
