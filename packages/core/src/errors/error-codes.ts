/** What is fixed about an error code. */
export interface ErrorCodeInfo {
  /** The HTTP status that the reference server answers with. */
  readonly status: number;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** What the code means, in one sentence. */
  readonly meaning: string;
}

const row = (status: number, retryable: boolean, meaning: string): ErrorCodeInfo => ({
  status,
  retryable,
  meaning,
});

/** One of the documented error codes. */
export type ErrorCode =
  | 'bad_request'
  | 'invalid_message'
  | 'invalid_recipient'
  | 'invalid_id'
  | 'signature_invalid'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'idempotency_in_flight'
  | 'conflict'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'wrong_instance'
  | 'idempotency_mismatch'
  | 'unsupported_content'
  | 'rejected'
  | 'not_on_whatsapp'
  | 'media_unavailable'
  | 'address_refused'
  | 'rate_limited'
  | 'internal'
  | 'not_ready'
  | 'start_failed'
  | 'browser_not_found'
  | 'provider_failed'
  | 'profile_locked'
  | 'lease_lost'
  | 'store_unavailable'
  | 'shutting_down'
  | 'timeout'
  | 'invalid_config'
  | 'connection_failed'
  | 'bad_response';

/** Every code a {@link GatewayError} can carry, with its HTTP status. The list is the documentation. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeInfo>> = {
  // The caller's request.
  bad_request: row(
    400,
    false,
    'The request is malformed: broken JSON, a wrong header or parameter.',
  ),
  invalid_message: row(
    400,
    false,
    'The message content breaks a rule; `details.path` names the field.',
  ),
  invalid_recipient: row(
    400,
    false,
    'The recipient is not a phone number, group, chat or user id.',
  ),
  invalid_id: row(400, false, 'An id does not match ^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$.'),
  signature_invalid: row(
    401,
    false,
    'The request is not signed by a known key, or the signature does not hold.',
  ),
  forbidden: row(
    403,
    false,
    'The key is genuine but lacks the scope, or the workspaces, that this route needs.',
  ),
  not_found: row(
    404,
    false,
    'No such thing, or it belongs to a workspace that the key does not cover.',
  ),
  method_not_allowed: row(405, false, 'The path exists, but not with this method.'),
  idempotency_in_flight: row(
    409,
    true,
    'A request with the same idempotency key is still being worked on.',
  ),
  conflict: row(409, false, "The request does not fit the thing's present state."),
  payload_too_large: row(413, false, "The body is larger than the route's limit."),
  unsupported_media_type: row(
    415,
    false,
    'The body is not JSON, or is content-encoded on a signed route.',
  ),
  wrong_instance: row(421, true, 'The workspace lives on another instance; `details` names it.'),
  idempotency_mismatch: row(422, false, 'The idempotency key was used before with another body.'),
  unsupported_content: row(
    422,
    false,
    'The provider of this session cannot send this type of message.',
  ),
  rejected: row(422, false, 'WhatsApp refused the message.'),
  not_on_whatsapp: row(422, false, 'The recipient has no WhatsApp account.'),
  media_unavailable: row(
    422,
    false,
    'The media could not be fetched, or is not what the message needs.',
  ),
  address_refused: row(
    422,
    false,
    'An address to fetch from or to deliver to is not on the public internet, and not allowed.',
  ),
  rate_limited: row(
    429,
    true,
    'Too many requests: from this key, or to WhatsApp; wait as long as it says.',
  ),
  // The gateway's own state.
  internal: row(
    500,
    true,
    'The gateway failed in a way that it did not foresee; the log has the cause.',
  ),
  not_ready: row(503, true, 'The session is not ready for this; wait, or link it first.'),
  start_failed: row(503, true, 'The provider could not be started.'),
  browser_not_found: row(503, false, 'No Chromium was found on this machine.'),
  provider_failed: row(503, true, 'The provider failed while it worked on the call.'),
  profile_locked: row(503, true, "The session's browser profile is in use by another process."),
  lease_lost: row(503, true, 'This instance no longer owns the session; its successor does.'),
  store_unavailable: row(503, true, 'The store did not take the write; nothing was accepted.'),
  shutting_down: row(503, true, 'The instance is stopping; ask again, or ask another instance.'),
  timeout: row(504, true, 'The call did not end within its deadline.'),
  // Set-up, never answered over HTTP.
  invalid_config: row(
    500,
    false,
    'A configuration value is missing or wrong; the message names it and the fix.',
  ),
  // The client's side of the wire.
  connection_failed: row(503, true, 'The instance could not be reached.'),
  bad_response: row(502, true, 'The answer was not what the protocol promises.'),
};

/** Whether `value` is one of the documented error codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
