import type { MessageTracker } from '@blazz/core';
import { asText } from '../../json/raw';

/** How a tracker of ours looks in `biz_opaque_callback_data`. */
const shape = /^b1\.([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.([1-9]\d{0,5})$/;

/** What a send carries along, so that its statuses say which message and attempt they are about. */
export function encodeTracker({ message_id, attempt }: MessageTracker): string {
  return `b1.${message_id}.${attempt}`;
}

/** Reads it back; undefined when it is none of ours. */
export function decodeTracker(value: unknown): MessageTracker | undefined {
  const [, message_id, attempt] = shape.exec(asText(value) ?? '') ?? [];
  if (message_id === undefined) return undefined;
  return { message_id, attempt: Number(attempt) };
}
