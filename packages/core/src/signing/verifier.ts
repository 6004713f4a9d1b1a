import { createHmac } from 'node:crypto';
import { equalInConstantTime } from './constant-time';
import { isContentDigest, matchesContentDigest } from './content-digest';
import { coverRequest, type RequestLine } from './covered-request';
import type { KeyRing } from './key-ring';
import { profileBase, signatureLimits } from './profile';
import type { ReplayGuard } from './replay-guard';
import { pickSignatureHeaders, type RawHeaders } from './signature-headers';
import { decodeSignatureInput, type SignatureParameters } from './signature-parameters';
import type { SigningKey } from './signing-key';
import type { Verification, VerificationFailure, VerificationReason } from './verification';

/** What a {@link Verifier} needs. */
export interface VerifierOptions {
  /** The keys that are accepted. */
  readonly keys: KeyRing;
  /** Lets each request through once. */
  readonly replayGuard: ReplayGuard;
  /** The authorities (`host` or `host:port`) that the instance answers to. Default: any. */
  readonly authorities?: readonly string[] | undefined;
}

/** A request before its body was read. */
export interface RequestHead extends RequestLine {
  /** Every header as it came: name, value, name, value. */
  readonly headers: RawHeaders;
  /** When it came, in milliseconds since 1970. */
  readonly now: number;
}

/** A request with its body. */
export interface RequestToVerify extends RequestHead {
  /** The body as it came, before any parser. */
  readonly body: Uint8Array;
}

/** A request head that is well formed, names a valid key and is in time. Nothing is proven yet. */
export interface CheckedHead {
  /** The key that the request names. It has not signed for certain until the body was checked. */
  readonly key: SigningKey;
  /** The parameters of the signature. */
  readonly parameters: SignatureParameters;
  /** The `Idempotency-Key` header as sent. */
  readonly idempotencyKey: string | undefined;
  /** The `Content-Digest` header that the body must match. */
  readonly contentDigest: string;
  /** The text that must have been signed. */
  readonly base: string;
  /** The MAC that was sent, in base64. */
  readonly mac: string;
  /** When the request came, in milliseconds since 1970. */
  readonly now: number;
}

/** What {@link Verifier.checkHead} found. */
export type HeadCheck =
  | {
      /** True: read the body. */
      readonly ok: true;
      /** What {@link Verifier.checkBody} goes on from. */
      readonly head: CheckedHead;
    }
  | VerificationFailure;

/**
 * Verifies requests signed by the profile `blazz-v1` of RFC 9421, in two steps, so that a server
 * can refuse a stranger before it reads the body: the head (shape, key, time), then the body
 * (digest, MAC, nonce). The nonce comes last: only who holds the key can use one up.
 */
export class Verifier {
  readonly #keys: KeyRing;
  readonly #replayGuard: ReplayGuard;
  readonly #authorities: ReadonlySet<string> | undefined;

  constructor(options: VerifierOptions) {
    this.#keys = options.keys;
    this.#replayGuard = options.replayGuard;
    const authorities = options.authorities?.map((authority) => authority.toLowerCase());
    this.#authorities = authorities && new Set(authorities);
  }

  /**
   * Verifies a whole request: {@link Verifier.checkHead}, then {@link Verifier.checkBody}, and waits
   * until it is remembered.
   */
  async verify(request: RequestToVerify): Promise<Verification> {
    const check = this.checkHead(request);
    if (!check.ok) return check;
    const verification = await this.checkBody(check.head, request.body);
    if (!verification.ok) return verification;
    return verification.kept.then(
      () => verification,
      (cause: unknown) => ({ ...refuse('nonce_store_failed', verification.key), cause }),
    );
  }

  /** Checks everything that can be checked without the body. Cheap: no cryptography. */
  checkHead(request: RequestHead): HeadCheck {
    const covered = coverRequest(request);
    if (covered === undefined) return refuse('malformed_request');
    if (this.#authorities && !this.#authorities.has(covered.authority)) {
      return refuse('foreign_authority');
    }
    const headers = pickSignatureHeaders(request.headers);
    if (typeof headers === 'string') return refuse(headers);
    const { contentDigest, idempotencyKey, mac } = headers;
    const input = decodeSignatureInput(headers.input);
    if (input === undefined) return refuse('malformed_input');
    if (!isContentDigest(contentDigest)) return refuse('malformed_digest');
    if (input.parameters.coversIdempotencyKey !== (idempotencyKey !== undefined)) {
      return refuse('idempotency_key_not_covered');
    }
    const key = this.#keys.get(input.parameters.keyId);
    if (key === undefined) return refuse('unknown_key');
    const untimely = checkKey(key, request.now) ?? checkTime(input.parameters, request.now);
    if (untimely !== undefined) return refuse(untimely, key);
    const { text, parameters } = input;
    const parts = { request: covered, contentDigest, idempotencyKey, parameters: text };
    const base = profileBase(parts);
    const { now } = request;
    return { ok: true, head: { key, parameters, idempotencyKey, contentDigest, base, mac, now } };
  }

  /**
   * Checks the body of a request whose head was checked: its digest, the MAC, and that the request
   * was not seen before. Answer it once {@link VerifiedRequest.kept} has resolved.
   */
  async checkBody(head: CheckedHead, body: Uint8Array): Promise<Verification> {
    const { key, parameters, idempotencyKey } = head;
    if (!matchesContentDigest(head.contentDigest, body)) return refuse('digest_mismatch', key);
    const mac = createHmac('sha256', key.secret).update(head.base).digest('base64');
    if (!equalInConstantTime(mac, head.mac)) return refuse('mac_mismatch', key);
    try {
      const { fresh, kept } = await this.#replayGuard.admit(key.id, parameters.nonce, head.now);
      return fresh ? { ok: true, key, parameters, idempotencyKey, kept } : refuse('replayed', key);
    } catch (cause) {
      return { ...refuse('nonce_store_failed', key), cause };
    }
  }
}

function checkKey(key: SigningKey, now: number): VerificationReason | undefined {
  const validity = key.validity(now);
  return validity === 'valid' ? undefined : `key_${validity}`;
}

function checkTime(parameters: SignatureParameters, now: number): VerificationReason | undefined {
  const { created, expires } = parameters;
  const { maxLifetimeSeconds, maxAheadSeconds, maxAgeSeconds } = signatureLimits;
  const seconds = now / 1000;
  if (expires <= created || expires - created > maxLifetimeSeconds) return 'bad_lifetime';
  if (created - seconds > maxAheadSeconds) return 'created_in_future';
  if (seconds - created > maxAgeSeconds) return 'too_old';
  return seconds > expires ? 'expired' : undefined;
}

function refuse(reason: VerificationReason, key?: SigningKey): VerificationFailure {
  return key === undefined ? { ok: false, reason } : { ok: false, reason, keyId: key.id };
}
