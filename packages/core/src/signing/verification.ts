import { GatewayError } from '../errors/gateway-error';
import type { SignatureParameters } from './signature-parameters';
import type { SigningKey } from './signing-key';

/** Why a request was refused, in the order of the checks. For logs and metrics only, never for the caller. */
export const verificationReasons = [
  'malformed_request',
  'foreign_authority',
  'duplicate_header',
  'content_encoding',
  'missing_header',
  'malformed_signature',
  'malformed_idempotency_key',
  'malformed_input',
  'malformed_digest',
  'idempotency_key_not_covered',
  'unknown_key',
  'key_not_yet_valid',
  'key_expired',
  'bad_lifetime',
  'created_in_future',
  'too_old',
  'expired',
  'digest_mismatch',
  'mac_mismatch',
  'replayed',
  'nonce_store_failed',
] as const;

/** Why a request was refused. */
export type VerificationReason = (typeof verificationReasons)[number];

/** A request that was not signed, or not well enough. */
export interface VerificationFailure {
  /** False: the request is refused. */
  readonly ok: false;
  /** Why. For logs and metrics only, never for the caller. */
  readonly reason: VerificationReason;
  /** The id of a key that exists, when the signature names one. It need not have signed. */
  readonly keyId?: string;
  /** What the nonce store threw, when it failed. */
  readonly cause?: unknown;
}

/** A request that is genuine. */
export interface VerifiedRequest {
  /** True: the key's holder sent exactly this request, and now for the first time. */
  readonly ok: true;
  /** The key that signed it; what it may do is on it. */
  readonly key: SigningKey;
  /** When it was signed, with which nonce. */
  readonly parameters: SignatureParameters;
  /** The `Idempotency-Key` header as sent, which is signed. Its form is not checked yet. */
  readonly idempotencyKey: string | undefined;
  /**
   * Resolves when the request is remembered for good, so that no crash lets it through again: do its
   * work meanwhile, and answer it then. Rejects with what the nonce store threw. Nobody has to listen.
   */
  readonly kept: Promise<void>;
}

/** What a verifier found. */
export type Verification = VerifiedRequest | VerificationFailure;

/**
 * The error to answer a refused request with: `signature_invalid` in the same words for every
 * reason, so that nobody learns from it which key exists or how far a forgery came. Only a failed
 * nonce store is told apart (`store_unavailable`), since whoever gets there holds the key.
 */
export function verificationError(failure: VerificationFailure): GatewayError {
  if (failure.reason === 'nonce_store_failed') {
    return new GatewayError(
      'store_unavailable',
      'The request could not be checked for replay and was refused. Sign it anew and try again.',
      { cause: failure.cause },
    );
  }
  return new GatewayError(
    'signature_invalid',
    "The request's signature was not accepted. Check the key, the clock and that the request is sent exactly as it was signed.",
  );
}
