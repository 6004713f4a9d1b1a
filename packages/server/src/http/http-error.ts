import { type ErrorCode, errorCodes, GatewayError, isGatewayError } from '@blazz/core';

/** What Fastify and Node call a fault of the request, in the gateway's words. */
const known: ReadonlyMap<string, readonly [ErrorCode, string]> = new Map([
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    ['payload_too_large', "The body is larger than the route's limit."],
  ],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    ['unsupported_media_type', 'Send JSON, with Content-Type: application/json.'],
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    ['bad_request', 'The body is not as long as Content-Length says.'],
  ],
  ['FST_ERR_BAD_URL', ['bad_request', 'The path is not percent-encoded as it must be.']],
  [
    'FST_ERR_MAX_PARAM_LENGTH',
    ['not_found', 'There is no such route, or a part of its path is too long.'],
  ],
]);

/**
 * Makes the error to answer with of anything thrown while a request was handled. What is not known
 * becomes `internal`, whose message tells nothing of the cause.
 */
export function toHttpError(thrown: unknown): GatewayError {
  if (isGatewayError(thrown)) return thrown;
  const { code, statusCode } = Object(thrown) as { code?: unknown; statusCode?: unknown };
  const row = typeof code === 'string' ? known.get(code) : undefined;
  if (row !== undefined) return new GatewayError(row[0], row[1], { cause: thrown });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new GatewayError('bad_request', 'The request is malformed.', { cause: thrown });
  }
  return new GatewayError(
    'internal',
    "The gateway failed in a way that it did not foresee; its log has the cause under this answer's X-Request-Id.",
    { cause: thrown },
  );
}

/** The HTTP status of an error. Set-up errors are nobody's business over HTTP but the caller's own input. */
export function httpStatus(error: GatewayError): number {
  return errorCodes[error.code].status;
}

/** `Retry-After` in whole seconds; 1 where waiting helps but nobody said how long. */
export function retryAfterSeconds(error: GatewayError): number | undefined {
  if (error.retryAfterMs !== undefined) return Math.max(1, Math.ceil(error.retryAfterMs / 1000));
  const { status } = errorCodes[error.code];
  const waits = status === 429 || status === 503 || error.code === 'idempotency_in_flight';
  return waits && error.retryable ? 1 : undefined;
}
