import type { GatewayEvent } from '@blazz/core';
import type { FeedItem } from './feed-item';

/** What an instance says on the stream. Kinds that are not listed are ignored: a newer one may say more. */
export type ServerFrame =
  | {
      /** The first frame. */
      readonly kind: 'hello';
      /** How often the instance pings, in milliseconds. */
      readonly heartbeatMs: number;
      /** The newest `seq`; missing when the key covers several workspaces. */
      readonly headSeq: number | undefined;
    }
  | {
      /** The subscription holds. */
      readonly kind: 'subscribed';
      /** The `seq` after which it begins. */
      readonly after: number;
    }
  | {
      /** An event, or a gap. */
      readonly kind: 'item';
      /** It. */
      readonly item: FeedItem;
    }
  | {
      /** Something else. */
      readonly kind: 'other';
    };

type Fields = Readonly<Record<string, unknown>>;

const other: ServerFrame = { kind: 'other' };

/** Reads each kind of frame; undefined when a field is not what it must be. */
const decoders: Readonly<Record<string, (frame: Fields) => ServerFrame | undefined>> = {
  hello: ({ heartbeat_ms: heartbeatMs, head_seq: head }) =>
    isCount(heartbeatMs) && heartbeatMs > 0
      ? { kind: 'hello', heartbeatMs, headSeq: isCount(head) ? head : undefined }
      : undefined,
  subscribed: ({ after }) => (isCount(after) ? { kind: 'subscribed', after } : undefined),
  event: ({ event }) => (isEvent(event) ? { kind: 'item', item: event } : undefined),
  gap: ({ workspace_id, from, to }) =>
    typeof workspace_id === 'string' && isCount(from) && isCount(to)
      ? { kind: 'item', item: { type: 'stream.gap', workspace_id, from, to } }
      : undefined,
};

/** Reads a frame; undefined when it is not one of the protocol. */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(frame) || typeof frame.type !== 'string') return undefined;
  if (!Object.hasOwn(decoders, frame.type)) return other;
  return decoders[frame.type]?.(frame);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEvent(value: unknown): value is GatewayEvent {
  return (
    isFields(value) &&
    typeof value.id === 'string' &&
    typeof value.type === 'string' &&
    isCount(value.seq)
  );
}
