import type { Socket } from 'node:net';
import { GatewayError } from '@blazz/core';
import { failure } from './envelope';
import { httpStatus } from './http-error';

/** What Node says of bytes that are no request, in the gateway's words. */
const rules: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', 'The headers are larger than 16 KiB. Send fewer, or shorter ones.'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'The request did not come whole in time. Send it anew.'],
]);

/**
 * Answers what is not HTTP, with the envelope of every other refusal, and hangs up: nobody can tell
 * where the next request would begin.
 */
export function answerClientError(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const rule = rules.get(error.code ?? '') ?? 'What was sent is not HTTP. Check the client.';
  const refusal = new GatewayError('bad_request', rule);
  const body = JSON.stringify(failure(refusal));
  const head = [
    `HTTP/1.1 ${httpStatus(refusal)} Bad Request`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
