import type { CoveredRequest } from './covered-request';
import { type SignatureComponent, signatureBase } from './signature-base';

/** The limits of the signature profile `blazz-v1`. */
export interface SignatureLimits {
  /** The longest that `expires` may be after `created`, in seconds. */
  readonly maxLifetimeSeconds: number;
  /** How far `created` may be in the verifier's future, in seconds: clocks differ. */
  readonly maxAheadSeconds: number;
  /** How far `created` may be in the verifier's past, in seconds. */
  readonly maxAgeSeconds: number;
  /** How long a nonce is remembered, in milliseconds: longer than any signature is accepted. */
  readonly nonceTtlMs: number;
}

/** The limits of the signature profile `blazz-v1`: 300 s, 60 s, 300 s, 660 s. */
export const signatureLimits: SignatureLimits = {
  maxLifetimeSeconds: 300,
  maxAheadSeconds: 60,
  maxAgeSeconds: 300,
  nonceTtlMs: 660_000,
};

/** What a `blazz-v1` signature is made over. */
export interface ProfileBaseInput {
  /** The request line. */
  readonly request: CoveredRequest;
  /** The `Content-Digest` header. */
  readonly contentDigest: string;
  /** The `Idempotency-Key` header as sent, quotes included; covered when there is one. */
  readonly idempotencyKey: string | undefined;
  /** The inner list with its parameters. */
  readonly parameters: string;
}

/** The signature base of the profile `blazz-v1`. */
export function profileBase(input: ProfileBaseInput): string {
  const { request, idempotencyKey } = input;
  const components: SignatureComponent[] = [
    ['@method', request.method],
    ['@authority', request.authority],
    ['@path', request.path],
    ['@query', request.query],
    ['content-digest', input.contentDigest],
  ];
  if (idempotencyKey !== undefined) components.push(['idempotency-key', idempotencyKey]);
  return signatureBase(components, input.parameters);
}
