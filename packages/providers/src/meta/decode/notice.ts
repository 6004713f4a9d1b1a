import { createHash } from 'node:crypto';
import type { ProviderEvent } from '@blazz/core';
import type { Change } from './envelope';

/** Makes the event that passes something on as it came. */
export type Notice = (topic: string, raw: unknown) => ProviderEvent;

/**
 * What tells one report from another: the same for a report that Meta repeats. The time is part of
 * it, since the same fact can come true again.
 */
export function reportKey({ field, waba, time }: Change, raw: unknown): string {
  const digest = createHash('sha256').update(written(raw)).digest('base64url').slice(0, 22);
  return `${field}/${waba}/${time ?? ''}/${digest}`;
}

/** Makes notices about one change. */
export function noticesOf(change: Change): Notice {
  return (topic, raw) => ({ type: 'provider.notice', topic, raw, key: reportKey(change, raw) });
}

function written(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? '';
  } catch {
    return 'nested too deep';
  }
}
