import { hash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller';
import type { Scope } from './scope';

/** A static bearer token. Weaker than a signature: whoever reads one request can make every other. */
export interface BearerOptions {
  /** How the token is called in logs. */
  readonly id: string;
  /** The token, at least 32 characters. */
  readonly token: string;
  /** What it may do. */
  readonly scopes: readonly Scope[];
  /** The workspaces that it covers, or `'*'` for every one. */
  readonly workspaces: '*' | readonly string[];
}

/** The static tokens that an instance accepts. */
export class Bearers {
  readonly #entries: readonly { readonly digest: Buffer; readonly caller: Caller }[];

  /** @param options the tokens; none accepts no bearer at all */
  constructor(options: readonly BearerOptions[]) {
    this.#entries = options.map((option) => ({
      digest: digest(option.token),
      caller: caller(option),
    }));
  }

  /**
   * The caller that an `Authorization` header stands for. Digests are compared, all of them and in
   * constant time, so that neither length nor place of a difference shows.
   */
  find(authorization: string | undefined): Caller | undefined {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const given = digest(token);
    let found: Caller | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, given)) found = entry.caller;
    }
    return found;
  }
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

function caller(options: BearerOptions): Caller {
  const scopes = new Set(options.scopes);
  const workspaces = options.workspaces === '*' ? '*' : new Set(options.workspaces);
  return {
    id: options.id,
    workspaces,
    hasScope: (scope) => scopes.has(scope),
    covers: (workspaceId) => workspaces === '*' || workspaces.has(workspaceId),
    validity: () => 'valid',
  };
}
