import type { ProviderEvent } from '@blazz/core';
import { type DecodeOptions, decodeChange } from './decode-change';
import { changesOf, parsePayload } from './envelope';

/**
 * Makes events of a payload of Meta's, in its order. Pure, and total: whatever JSON comes, nothing
 * of it is dropped.
 * @throws GatewayError `bad_request` when it is not JSON, or has no entries
 */
export function decodePayload(body: string, options: DecodeOptions): readonly ProviderEvent[] {
  return changesOf(parsePayload(body)).flatMap((change) => decodeChange(change, options));
}
