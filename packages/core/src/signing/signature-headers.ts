import type { VerificationReason } from './verification';

/**
 * Headers as they came: name, value, name, value (Node's `req.rawHeaders`), so that a header that was
 * sent twice is seen twice.
 */
export type RawHeaders = readonly string[];

/** The headers that a signature lives in. */
export interface SignatureHeaderValues {
  /** `Signature-Input`. */
  readonly input: string;
  /** `Signature`: the MAC in base64, without its wrapping. */
  readonly mac: string;
  /** `Content-Digest`. */
  readonly contentDigest: string;
  /** `Idempotency-Key` as sent, when there is one. */
  readonly idempotencyKey: string | undefined;
}

const macShape = /^sig=:([A-Za-z0-9+/]{43}=):$/;
const printable = /^[\x20-\x7e]*$/;

/** The headers that may come at most once, each with its place in the array that collects them. */
const places: ReadonlyMap<string, number> = new Map([
  ['signature-input', 0],
  ['signature', 1],
  ['content-digest', 2],
  ['idempotency-key', 3],
  ['content-encoding', 4],
  ['host', 5],
]);
const lengths: ReadonlySet<number> = new Set([...places.keys()].map((name) => name.length));

/** Picks the headers of a signature out of all headers, or says what is wrong with them. */
export function pickSignatureHeaders(raw: RawHeaders): SignatureHeaderValues | VerificationReason {
  const found: (string | undefined)[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (!lengths.has(name.length)) continue;
    const place = places.get(name.toLowerCase());
    if (place === undefined) continue;
    if (found[place] !== undefined) return 'duplicate_header';
    found[place] = raw[i + 1];
  }
  const [input, signature, contentDigest, idempotencyKey, contentEncoding] = found;
  if (contentEncoding !== undefined) return 'content_encoding';
  if (input === undefined || signature === undefined || contentDigest === undefined) {
    return 'missing_header';
  }
  const mac = macShape.exec(signature)?.[1];
  if (mac === undefined) return 'malformed_signature';
  if (idempotencyKey !== undefined && !printable.test(idempotencyKey)) {
    return 'malformed_idempotency_key';
  }
  return { input, mac, contentDigest, idempotencyKey };
}
