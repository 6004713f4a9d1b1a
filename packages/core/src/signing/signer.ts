import { createHmac, type KeyObject } from 'node:crypto';
import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import { isId } from '../ids';
import { contentDigest } from './content-digest';
import { coverRequest, type RequestLine } from './covered-request';
import { isIdempotencyKey } from './idempotency-key';
import { NonceSource, type RandomBytes } from './nonce-source';
import { profileBase, signatureLimits } from './profile';
import { parseSecret } from './secret';
import { encodeSignatureInput } from './signature-parameters';

/** What a {@link Signer} needs. */
export interface SignerOptions {
  /** The id of the key. */
  readonly keyId: string;
  /** At least 32 random bytes, or their base64 (or base64url) text. */
  readonly secret: string | Uint8Array;
  /** Where the time of a signature comes from. */
  readonly clock: Pick<Clock, 'now'>;
  /** How long a signature holds, in whole seconds, 1 to 300. Default: 300. */
  readonly lifetimeSeconds?: number | undefined;
  /** Where nonces come from. Default: the operating system's generator. */
  readonly random?: RandomBytes | undefined;
}

/** A request to sign. */
export interface RequestToSign extends RequestLine {
  /** The body, byte for byte as sent. Default: empty. */
  readonly body?: Uint8Array | undefined;
  /** The idempotency key, without quotes. It is signed and sent along. */
  readonly idempotencyKey?: string | undefined;
}

/** The headers that make a request a signed one. Send all of them, and no others of these names. */
export interface SignatureHeaders {
  /** The digest of the body. */
  'content-digest': string;
  /** The idempotency key in quotes, when there is one. */
  'idempotency-key'?: string;
  /** What is signed, when and by whom. */
  'signature-input': string;
  /** The signature. */
  signature: string;
}

/**
 * Signs requests with one key, by the profile `blazz-v1` of RFC 9421. Every call gives a new
 * nonce and time, so a repeated request is signed anew.
 */
export class Signer {
  /** The id of the key that it signs with. */
  readonly keyId: string;
  readonly #secret: KeyObject;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #lifetimeSeconds: number;
  readonly #nonces: NonceSource;

  /** @throws GatewayError `invalid_config` for a short or known secret, a malformed id or lifetime */
  constructor(options: SignerOptions) {
    const { keyId, lifetimeSeconds = signatureLimits.maxLifetimeSeconds } = options;
    if (!isId(keyId)) {
      throw refused('The key id must be 1 to 64 letters, digits, "_" or "-".');
    }
    const { maxLifetimeSeconds: most } = signatureLimits;
    if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > most) {
      throw refused(`lifetimeSeconds must be a whole number from 1 to ${most}.`);
    }
    this.keyId = keyId;
    this.#secret = parseSecret(options.secret, `the secret of key "${keyId}"`);
    this.#clock = options.clock;
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#nonces = new NonceSource(options.random);
  }

  /**
   * Signs a request.
   * @throws GatewayError `bad_request` when the target, method, authority or idempotency key cannot be signed
   */
  sign(request: RequestToSign): SignatureHeaders {
    const { body, idempotencyKey } = request;
    const covered = coverRequest(request);
    if (covered === undefined) {
      throw new GatewayError(
        'bad_request',
        'The request cannot be signed. Give an upper-case method, an authority, and a target that begins with "/", is percent-encoded and does not end with an empty query.',
      );
    }
    if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
      throw new GatewayError(
        'bad_request',
        'The idempotency key must be 16 to 128 letters, digits, "_" or "-".',
      );
    }
    const created = Math.floor(this.#clock.now() / 1000);
    const parameters = encodeSignatureInput({
      created,
      expires: created + this.#lifetimeSeconds,
      nonce: this.#nonces.next(),
      keyId: this.keyId,
      coversIdempotencyKey: idempotencyKey !== undefined,
    });
    const digest = contentDigest(body ?? new Uint8Array());
    const quoted = idempotencyKey === undefined ? undefined : `"${idempotencyKey}"`;
    const base = profileBase({
      request: covered,
      contentDigest: digest,
      idempotencyKey: quoted,
      parameters,
    });
    const mac = createHmac('sha256', this.#secret).update(base).digest('base64');
    const headers: SignatureHeaders = {
      'content-digest': digest,
      'signature-input': `sig=${parameters}`,
      signature: `sig=:${mac}:`,
    };
    if (quoted !== undefined) headers['idempotency-key'] = quoted;
    return headers;
  }
}

function refused(message: string): GatewayError {
  return new GatewayError('invalid_config', message);
}
