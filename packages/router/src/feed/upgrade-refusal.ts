import type { IncomingMessage } from 'node:http';
import { isGatewayError, toGatewayError } from '@blazz/core';
import { decodeAnswer } from '../client/answer';
import type { ConnectionEnd } from './close-codes';

/** The most of a refusal that is read: it is one short JSON object, or a proxy's page. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads why an upgrade was refused. What the instance calls not retryable is final, and so is
 * another owner: the same instance would name it again.
 * @param now milliseconds since 1970
 */
export async function refusalOf(response: IncomingMessage, now: number): Promise<ConnectionEnd> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) break;
    chunks.push(chunk);
  }
  const error = errorOf(response, Buffer.concat(chunks).toString(), now);
  return { error, fatal: !error.retryable || error.code === 'wrong_instance' };
}

function errorOf(response: IncomingMessage, text: string, now: number): ConnectionEnd['error'] {
  const { statusCode: status = 0, headers } = response;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const message = 'The instance answered the upgrade as if it were no event stream. Check baseUrl.';
  try {
    decodeAnswer({ status, header, text, now });
  } catch (thrown) {
    if (isGatewayError(thrown)) return thrown;
    return toGatewayError(thrown, 'bad_response', message);
  }
  return toGatewayError(new Error(`HTTP ${status}`), 'bad_response', message);
}
