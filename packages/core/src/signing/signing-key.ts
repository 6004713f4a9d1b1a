import type { KeyObject } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error';
import { isId } from '../ids';
import { parseSecret } from './secret';

/** A key as it is configured. */
export interface SigningKeyOptions {
  /** The key's id, `keyid` on the wire. 1 to 64 letters, digits, `_` or `-`. */
  readonly id: string;
  /** At least 32 random bytes, or their base64 (or base64url) text. */
  readonly secret: string | Uint8Array;
  /** What the key may do, such as `messages:send`: lower-case words with `:`, `.`, `_` or `-`. */
  readonly scopes: readonly string[];
  /** The workspaces that the key covers, or `'*'` for every one. */
  readonly workspaces: '*' | readonly string[];
  /** From when it is accepted, in milliseconds since 1970. Default: always. */
  readonly notBefore?: number | undefined;
  /** Until when it is accepted, in milliseconds since 1970. Default: without end. */
  readonly notAfter?: number | undefined;
}

/** Whether a key is accepted at some time. */
export type KeyValidity = 'valid' | 'not_yet_valid' | 'expired';

const scopeShape = /^[a-z][a-z0-9:._-]{0,63}$/;

/** A key: who signs, and what the signer may do. Immutable; its secret cannot be read back as text. */
export class SigningKey {
  /** The key's id, `keyid` on the wire. */
  readonly id: string;
  /** The HMAC key, made once: making it per request would cost more than the HMAC. */
  readonly secret: KeyObject;
  /** What the key may do. */
  readonly scopes: ReadonlySet<string>;
  /** The workspaces that the key covers, or `'*'` for every one. */
  readonly workspaces: '*' | ReadonlySet<string>;
  /** From when it is accepted, in milliseconds since 1970; −∞ when it always was. */
  readonly notBefore: number;
  /** Until when it is accepted, in milliseconds since 1970; ∞ when it has no end. */
  readonly notAfter: number;

  /** @throws GatewayError `invalid_config` for a short or known secret, or a malformed id, scope or time */
  constructor(options: SigningKeyOptions) {
    const { id, scopes, workspaces, notBefore = -Infinity, notAfter = Infinity } = options;
    if (!isId(id)) throw refused('A key id', 'must be 1 to 64 letters, digits, "_" or "-"');
    const what = `the secret of key "${id}"`;
    if (!Array.isArray(scopes) || !scopes.every((scope) => scopeShape.test(scope))) {
      throw refused(`Key "${id}"`, 'must have a list of scopes in lower-case letters');
    }
    if (workspaces !== '*' && !(Array.isArray(workspaces) && workspaces.every(isId))) {
      throw refused(`Key "${id}"`, 'must cover "*" or a list of workspace ids');
    }
    if (!(notBefore < notAfter)) throw refused(`Key "${id}"`, 'must begin before it ends');
    this.id = id;
    this.secret = parseSecret(options.secret, what);
    this.scopes = new Set(scopes);
    this.workspaces = workspaces === '*' ? '*' : new Set(workspaces);
    this.notBefore = notBefore;
    this.notAfter = notAfter;
  }

  /** Whether the key may do this. */
  hasScope(scope: string): boolean {
    return this.scopes.has(scope);
  }

  /** Whether the key covers a workspace. One that it does not cover looks missing to its holder. */
  covers(workspaceId: string): boolean {
    return this.workspaces === '*' || this.workspaces.has(workspaceId);
  }

  /**
   * The same key with another end.
   * @param notAfter milliseconds since 1970
   * @throws GatewayError `invalid_config` when it would end before it begins
   */
  endingAt(notAfter: number): SigningKey {
    const { id, scopes, workspaces, notBefore } = this;
    return new SigningKey({
      id,
      secret: this.secret.export(),
      scopes: [...scopes],
      workspaces: workspaces === '*' ? '*' : [...workspaces],
      notBefore,
      notAfter,
    });
  }

  /**
   * Whether the key is accepted at a time.
   * @param now milliseconds since 1970
   */
  validity(now: number): KeyValidity {
    if (now < this.notBefore) return 'not_yet_valid';
    return now < this.notAfter ? 'valid' : 'expired';
  }
}

function refused(what: string, must: string): GatewayError {
  return new GatewayError('invalid_config', `${what} ${must}. Correct the key's configuration.`);
}
