import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error';

/** The fewest bytes that a signing secret may have. */
const MIN_SECRET_BYTES = 32;

/** Random bytes hardly repeat: 32 of them have about 30 different values, and never fewer than this. */
const MIN_DISTINCT_BYTES = 12;

const base64Shape = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Words that stand in placeholders and never, by chance, in random bytes. */
const placeholders =
  /change.?me|secret|password|passwort|example|placeholder|default|insecure|replace/i;

/** SHA-256 of secrets that everybody can read in a standard's test vectors. */
const published: ReadonlySet<string> = new Set([
  // RFC 9421, B.1.5, "test-shared-secret".
  '57ca14d520f889be5bc6d9313b442f62a4a71d63fceac507c914683a8944b4a0',
]);

/**
 * Makes the HMAC key of a secret.
 * @param secret bytes, or their base64 or base64url text; at least 32 bytes
 * @param what how the secret is called in the error, such as `the secret of key "app"`
 * @throws GatewayError `invalid_config` when it is short, a placeholder or published. The message
 * never repeats it.
 */
export function parseSecret(secret: string | Uint8Array, what: string): KeyObject {
  const bytes = typeof secret === 'string' ? decode(secret, what) : Buffer.from(secret);
  if (bytes.byteLength < MIN_SECRET_BYTES) {
    throw refused(what, `has ${bytes.byteLength} bytes; it needs at least ${MIN_SECRET_BYTES}`);
  }
  const text = bytes.toString('latin1');
  const written = typeof secret === 'string' ? secret : '';
  if (placeholders.test(written) || (/^[\x20-\x7e]+$/.test(text) && placeholders.test(text))) {
    throw refused(what, 'is a placeholder');
  }
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) throw refused(what, 'is not random');
  if (published.has(createHash('sha256').update(bytes).digest('hex'))) {
    throw refused(what, 'is published as a test vector');
  }
  return createSecretKey(bytes);
}

/** A new signing secret: 32 random bytes as base64. */
export function generateSecret(): string {
  return randomBytes(MIN_SECRET_BYTES).toString('base64');
}

function decode(text: string, what: string): Buffer {
  // Node's decoder skips what it does not know, so the shape comes first.
  if (!base64Shape.test(text)) throw refused(what, 'is not base64');
  return Buffer.from(text, 'base64');
}

function refused(what: string, why: string): GatewayError {
  return new GatewayError(
    'invalid_config',
    `Refused: ${what} ${why}. Make one with \`openssl rand -base64 32\`.`,
  );
}
