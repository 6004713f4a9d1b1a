import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error';
import { equalInConstantTime } from './constant-time';

/** A webhook to sign, by Standard Webhooks 1.0.0. */
export interface WebhookToSign {
  /** The `webhook-id`: the event's id, the same over all retries. No full stop in it. */
  readonly id: string;
  /** The `webhook-timestamp`: when this attempt is made, in whole seconds since 1970. */
  readonly timestamp: number;
  /** The body, byte for byte as sent. */
  readonly body: string | Uint8Array;
  /** Every active key, newest first; a receiver needs one of them. */
  readonly keys: readonly KeyObject[];
}

/** A webhook that came in. */
export interface WebhookToVerify {
  /** The `webhook-id` header. */
  readonly id: string | undefined;
  /** The `webhook-timestamp` header. */
  readonly timestamp: string | undefined;
  /** The `webhook-signature` header. */
  readonly signature: string | undefined;
  /** The body as it came, before any parser. */
  readonly body: string | Uint8Array;
  /** The keys that are accepted. */
  readonly keys: readonly KeyObject[];
  /** When it came, in milliseconds since 1970. */
  readonly now: number;
  /** How far its timestamp may be from `now`, in milliseconds. Default: 300,000. */
  readonly toleranceMs?: number | undefined;
}

const secretShape = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/;
/** No full stop: it parts id, timestamp and body in what is signed. */
const idShape = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;
const timestampShape = /^[1-9][0-9]{0,11}$/;
const signatureShape = /^v1,[A-Za-z0-9+/]{43}=$/;

/**
 * Makes the key of a webhook secret.
 * @param secret `whsec_` and the base64 of 24 to 64 bytes; the prefix may be missing
 * @throws GatewayError `invalid_config`; the message never repeats the secret
 */
export function parseWebhookSecret(secret: string): KeyObject {
  const bytes = Buffer.from(secretShape.exec(secret)?.[1] ?? '', 'base64');
  if (bytes.byteLength < 24 || bytes.byteLength > 64) {
    throw new GatewayError(
      'invalid_config',
      'A webhook secret must be "whsec_" and the base64 of 24 to 64 random bytes.',
    );
  }
  return createSecretKey(bytes);
}

/**
 * Signs a webhook with every key: `v1,<base64> v1,<base64>`.
 * @throws GatewayError `bad_request` for an id or timestamp that cannot be signed unambiguously
 */
export function signWebhook(webhook: WebhookToSign): string {
  const { id, timestamp, body, keys } = webhook;
  if (!idShape.test(id) || !timestampShape.test(String(timestamp))) {
    throw new GatewayError(
      'bad_request',
      'A webhook id is printable ASCII without spaces and full stops, and its timestamp is in whole seconds.',
    );
  }
  return keys.map((key) => macOf(key, id, String(timestamp), body)).join(' ');
}

/** Whether a webhook was signed by one of the keys, within the tolerance of its timestamp. */
export function verifyWebhook(webhook: WebhookToVerify): boolean {
  const { id, timestamp, signature, body, keys, now, toleranceMs = 300_000 } = webhook;
  if (id === undefined || timestamp === undefined || signature === undefined) return false;
  if (!idShape.test(id) || !timestampShape.test(timestamp)) return false;
  if (!(Math.abs(now - Number(timestamp) * 1000) <= toleranceMs)) return false;
  // Other schemes (`v1a`, for one) may stand beside ours and are passed over.
  const given = signature.split(' ').filter((one) => signatureShape.test(one));
  return keys.some((key) => {
    const expected = macOf(key, id, timestamp, body);
    return given.some((one) => equalInConstantTime(one, expected));
  });
}

function macOf(key: KeyObject, id: string, timestamp: string, body: string | Uint8Array): string {
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}
