import { type Gateway, GatewayError } from '@blazz/core';
import { failure, success } from '../http/envelope';
import { httpStatus, retryAfterSeconds, toHttpError } from '../http/http-error';

/** The largest payload that is taken, in bytes: Meta posts at most 3 MB. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Answers one request to the address of a platform's webhooks. */
export type WebhookHandler = (request: Request, identifier: string) => Promise<Response>;

/**
 * The two webhook routes for an application that embeds a gateway in a server of its own: hand it
 * each `GET` and `POST` of the address that Meta was given, with the workspace's or session's id. Takes
 * and gives the web's own `Request` and `Response`, as Hono, Next and others do.
 * @param gateway the gateway, started
 */
export function webhookHandler(gateway: Gateway): WebhookHandler {
  return async (request, identifier) => {
    try {
      if (request.method === 'GET') {
        const query = Object.fromEntries(new URL(request.url).searchParams);
        const challenge = await gateway.intake.handshake(identifier, query);
        return new Response(challenge, { headers: { 'content-type': 'text/plain' } });
      }
      if (request.method !== 'POST') {
        throw new GatewayError('method_not_allowed', 'This path takes GET, POST.');
      }
      const body = await bytesOf(request);
      const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
      const received = await gateway.intake.receive({ identifier, header, body });
      return Response.json(success({ received }));
    } catch (thrown) {
      return refusal(thrown);
    }
  };
}

/** The body as it came, read no further than the limit. */
async function bytesOf(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = (request.body ?? []) as AsyncIterable<Uint8Array>;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) {
      throw new GatewayError('payload_too_large', `Post at most ${MAX_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(thrown: unknown): Response {
  const error = toHttpError(thrown);
  const seconds = retryAfterSeconds(error);
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  return Response.json(failure(error), { status: httpStatus(error), headers });
}
