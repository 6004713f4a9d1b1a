/** The parameters of a `blazz-v1` signature. */
export interface SignatureParameters {
  /** When it was made, in seconds since 1970. */
  readonly created: number;
  /** When it ends, in seconds since 1970. */
  readonly expires: number;
  /** A value used once: 22 to 128 characters of base64url. */
  readonly nonce: string;
  /** The id of the key. */
  readonly keyId: string;
  /** Whether the `Idempotency-Key` header is covered. */
  readonly coversIdempotencyKey: boolean;
}

/** A `Signature-Input` header that has been read. */
export interface SignatureInput {
  /** What it says. */
  readonly parameters: SignatureParameters;
  /** The inner list with its parameters, as it goes into the signature base. */
  readonly text: string;
}

/**
 * The whole header in one anchored pattern: one label, one of two component lists, the parameters
 * in one order, numbers without leading zeros. So the text read is the text signed, and nothing
 * that a lenient parser would forgive can differ between the two.
 */
const shape =
  /^sig=(\("@method" "@authority" "@path" "@query" "content-digest"( "idempotency-key")?\);created=([1-9][0-9]{0,14});expires=([1-9][0-9]{0,14});nonce="([A-Za-z0-9_-]{22,128})";keyid="([A-Za-z0-9][A-Za-z0-9_-]{0,63})";tag="blazz-v1")$/;

/** Reads a `Signature-Input` header; undefined when it is not of the profile `blazz-v1`. */
export function decodeSignatureInput(header: string): SignatureInput | undefined {
  const match = shape.exec(header);
  if (match === null) return undefined;
  const [, text, idempotency, created, expires, nonce, keyId] = match;
  const parameters = {
    created: Number(created),
    expires: Number(expires),
    nonce: nonce as string,
    keyId: keyId as string,
    coversIdempotencyKey: idempotency !== undefined,
  };
  return { parameters, text: text as string };
}

/** Writes the inner list and its parameters: the `Signature-Input` header without its `sig=`. */
export function encodeSignatureInput(parameters: SignatureParameters): string {
  const { created, expires, nonce, keyId, coversIdempotencyKey } = parameters;
  const last = coversIdempotencyKey ? ' "idempotency-key"' : '';
  return `("@method" "@authority" "@path" "@query" "content-digest"${last});created=${created};expires=${expires};nonce="${nonce}";keyid="${keyId}";tag="blazz-v1"`;
}
