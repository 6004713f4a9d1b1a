/**
 * Signing and verifying: requests (profile blazz-v1 of RFC 9421), outbound webhooks (Standard Webhooks)
 * and what Meta posts. Needs no gateway.
 * @packageDocumentation
 */

export { contentDigest, isContentDigest, matchesContentDigest } from './signing/content-digest';
export type { CoveredRequest, RequestLine } from './signing/covered-request';
export { hubSignature, parseAppSecret, verifyHubSignature } from './signing/hub-signature';
export { isIdempotencyKey, parseIdempotencyKey } from './signing/idempotency-key';
export { KeyRing } from './signing/key-ring';
export { NonceSource, type RandomBytes } from './signing/nonce-source';
export { type SignatureLimits, signatureLimits } from './signing/profile';
export { ReplayGuard } from './signing/replay-guard';
export { generateSecret, parseSecret } from './signing/secret';
export { type SignatureComponent, signatureBase } from './signing/signature-base';
export type { RawHeaders } from './signing/signature-headers';
export type { SignatureParameters } from './signing/signature-parameters';
export {
  type RequestToSign,
  type SignatureHeaders,
  Signer,
  type SignerOptions,
} from './signing/signer';
export { type KeyValidity, SigningKey, type SigningKeyOptions } from './signing/signing-key';
export {
  type Verification,
  type VerificationFailure,
  type VerificationReason,
  type VerifiedRequest,
  verificationError,
  verificationReasons,
} from './signing/verification';
export {
  type CheckedHead,
  type HeadCheck,
  type RequestHead,
  type RequestToVerify,
  Verifier,
  type VerifierOptions,
} from './signing/verifier';
export {
  parseWebhookSecret,
  signWebhook,
  verifyWebhook,
  type WebhookToSign,
  type WebhookToVerify,
} from './signing/webhook-signature';
