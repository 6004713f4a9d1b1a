import { isUtf8 } from 'node:buffer';
import { GatewayError } from '@blazz/core';

/**
 * Reads a body as JSON. No body at all reads as an empty object.
 * @throws GatewayError `bad_request`; what was sent is never repeated, not even in part
 */
export function readJson(body: Uint8Array | undefined): unknown {
  if (body === undefined || body.byteLength === 0) return {};
  // Decoding would replace what is not UTF-8, and so change what was signed.
  if (!isUtf8(body)) throw new GatewayError('bad_request', 'The body is not UTF-8.');
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new GatewayError('bad_request', 'The body is not valid JSON.');
  }
}
