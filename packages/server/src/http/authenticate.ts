import type { IncomingMessage } from 'node:http';
import { type Clock, GatewayError } from '@blazz/core';
import {
  type CheckedHead,
  type VerificationFailure,
  type Verifier,
  verificationError,
} from '@blazz/core/signing';
import type { Bearers } from './bearer';
import type { Caller } from './caller';

/** What an {@link Authenticator} needs. */
export interface AuthenticatorOptions {
  /** Verifies signatures. */
  readonly verifier: Verifier;
  /** The static tokens that are accepted instead. */
  readonly bearers: Bearers;
  /** Time. */
  readonly clock: Clock;
  /**
   * Hears why requests were refused. The reasons are words of a fixed list; `cause` is what the store
   * threw where it is to blame.
   */
  readonly onRefusal: (reason: string, keyId: string | undefined, cause?: unknown) => void;
}

/** What is known of a caller before the body was read. */
export type HeadResult =
  | { readonly kind: 'signed'; readonly head: CheckedHead }
  | { readonly kind: 'known'; readonly caller: Caller };

/** A caller whose request is genuine. */
export interface Admitted {
  /** Who it is. */
  readonly caller: Caller;
  /**
   * Resolves when the request is remembered for good: answer it then.
   * @throws GatewayError `store_unavailable`
   */
  readonly kept: Promise<void>;
}

const noBody = new Uint8Array();

/** Finds out who makes a request, in two steps: a stranger is refused before the body is read. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  /** @param options what it works with */
  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Checks a request before its body was read.
   * @throws GatewayError `signature_invalid` for every reason alike, `unsupported_media_type` for an
   * encoded body: what is signed are the bytes on the wire
   */
  checkHead(request: IncomingMessage): HeadResult {
    const { verifier, bearers, clock } = this.#options;
    const { headers } = request;
    if (headers['content-encoding'] !== undefined) {
      throw new GatewayError('unsupported_media_type', 'Send the body without Content-Encoding.');
    }
    if (headers['signature-input'] === undefined && headers.authorization !== undefined) {
      const caller = bearers.find(headers.authorization);
      if (caller !== undefined) return { kind: 'known', caller };
      throw this.#refused({ ok: false, reason: 'unknown_key' });
    }
    const check = verifier.checkHead({
      method: request.method ?? '',
      authority: headers.host,
      rawTarget: request.url ?? '',
      headers: request.rawHeaders,
      now: clock.now(),
    });
    if (!check.ok) throw this.#refused(check);
    return { kind: 'signed', head: check.head };
  }

  /**
   * Checks the body of a signed request, and that it was not seen before.
   * @throws GatewayError `signature_invalid`, `store_unavailable`
   */
  async checkBody(head: CheckedHead, body: Uint8Array = noBody): Promise<Admitted> {
    const verification = await this.#options.verifier.checkBody(head, body);
    if (!verification.ok) throw this.#refused(verification);
    return { caller: verification.key, kept: verification.kept };
  }

  /**
   * Checks a request that has no body, in one step, and waits until it is remembered.
   * @throws GatewayError as the two steps do
   */
  async check(request: IncomingMessage): Promise<Caller> {
    const result = this.checkHead(request);
    if (result.kind === 'known') return result.caller;
    const { caller, kept } = await this.checkBody(result.head);
    await kept;
    return caller;
  }

  #refused(failure: VerificationFailure): GatewayError {
    this.#options.onRefusal(failure.reason, failure.keyId, failure.cause);
    return verificationError(failure);
  }
}
