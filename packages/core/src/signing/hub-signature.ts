import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error';
import { equalInConstantTime } from './constant-time';

const shape = /^sha256=[0-9a-f]{64}$/;

/**
 * Makes the key of a Meta app secret, whose text itself is the key.
 * @throws GatewayError `invalid_config` when it is empty, with which anybody could sign
 */
export function parseAppSecret(secret: string): KeyObject {
  if (secret === '') {
    throw new GatewayError(
      'invalid_config',
      "The app secret is empty. Copy it from the app's basic settings at Meta.",
    );
  }
  return createSecretKey(Buffer.from(secret));
}

/**
 * The `X-Hub-Signature-256` header that signs these bytes, as Meta does.
 * @param body the bytes
 * @param key the app secret, made by {@link parseAppSecret}
 */
export function hubSignature(body: Uint8Array, key: KeyObject): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

/**
 * Whether an `X-Hub-Signature-256` header signs these bytes with one of the keys.
 * @param body the bytes as they came: Meta signs its own escapes, which a parser would undo
 * @param header the header; undefined when it is missing
 * @param keys the app secrets that are accepted, made by {@link parseAppSecret}
 */
export function verifyHubSignature(
  body: Uint8Array,
  header: string | undefined,
  keys: readonly KeyObject[],
): boolean {
  if (header === undefined || !shape.test(header)) return false;
  return keys.some((key) => equalInConstantTime(header, hubSignature(body, key)));
}
