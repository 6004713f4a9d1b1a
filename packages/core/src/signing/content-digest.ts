import { hash } from 'node:crypto';

/** The digest of no bytes at all: every signed request has one, also a GET. */
const emptyDigest = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

const shape = /^sha-256=:[A-Za-z0-9+/]{43}=:$/;

/** The `Content-Digest` header of a body (RFC 9530), such as `sha-256=:47DEQp…=:`. */
export function contentDigest(body: Uint8Array): string {
  return body.byteLength === 0 ? emptyDigest : `sha-256=:${hash('sha256', body, 'base64')}:`;
}

/** Whether `value` is one sha-256 `Content-Digest` and nothing else. */
export function isContentDigest(value: string): boolean {
  return shape.test(value);
}

/**
 * Whether a `Content-Digest` header is the digest of `body`. The texts are compared, never decoded
 * bytes: base64 has four spellings of the last byte, and only one of them is right.
 */
export function matchesContentDigest(value: string, body: Uint8Array): boolean {
  return value === contentDigest(body);
}
