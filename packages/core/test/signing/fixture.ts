import type { NonceStore, NonceUse } from '@blazz/core';
import {
  KeyRing,
  ReplayGuard,
  type RequestToSign,
  type RequestToVerify,
  type SignatureHeaders,
  Signer,
  type SigningKeyOptions,
  Verifier,
  type VerifierOptions,
} from '@blazz/core/signing';

/** 2026-03-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 2, 1, 12);
export const SECRET = 'kU1p2n3Bv9XqE7yLr5sTzWc0aHdJfGmN8oQiVbKxYtA=';

const kept = Promise.resolve();

/** A nonce store in memory, with the port's whole meaning: atomic, per key, and it forgets. */
export class NonceTable implements NonceStore {
  readonly #ends = new Map<string, number>();

  use(keyId: string, nonce: string, now: number, ttlMs: number): Promise<NonceUse> {
    const name = `${keyId} ${nonce}`;
    const end = this.#ends.get(name);
    if (end !== undefined && end > now) return Promise.resolve({ fresh: false, kept });
    this.#ends.set(name, now + ttlMs);
    return Promise.resolve({ fresh: true, kept });
  }

  get size(): number {
    return this.#ends.size;
  }
}

export function keyOptions(changes: Partial<SigningKeyOptions> = {}): SigningKeyOptions {
  return { id: 'app', secret: SECRET, scopes: ['messages'], workspaces: '*', ...changes };
}

export function setUp(
  options: { keys?: readonly SigningKeyOptions[]; store?: NonceStore } & Pick<
    VerifierOptions,
    'authorities'
  > = {},
): { signer: Signer; verifier: Verifier; keys: KeyRing; nonces: NonceTable } {
  const nonces = new NonceTable();
  const keys = new KeyRing(options.keys ?? [keyOptions()]);
  const replayGuard = new ReplayGuard(options.store ?? nonces);
  return {
    keys,
    nonces,
    signer: new Signer({ keyId: 'app', secret: SECRET, clock: { now: () => NOW } }),
    verifier: new Verifier({ keys, replayGuard, authorities: options.authorities }),
  };
}

export const sample: RequestToSign & { body: Uint8Array; authority: string } = {
  method: 'POST',
  authority: 'gateway.example:8080',
  rawTarget: '/internal/send-message?trace=1',
  body: Buffer.from('{"to":"15550001111","type":"text","message":"hello"}'),
  idempotencyKey: 'order-4711-confirmation',
};

/** Turns a headers object into a raw list, with whatever else a client sends around it. */
export function rawHeaders(headers: SignatureHeaders | Record<string, string>): string[] {
  return ['Accept', '*/*', ...Object.entries(headers).flat(), 'Connection', 'keep-alive'];
}

/** A request as it arrives, signed. */
export function signed(signer: Signer, request: RequestToSign = sample): RequestToVerify {
  const { method, authority, rawTarget, body = new Uint8Array() } = request;
  const headers = rawHeaders(signer.sign(request));
  return { method, authority, rawTarget, body, headers, now: NOW };
}

/** The request with one header replaced, added (when new) or left out (when undefined). */
export function withHeader(
  request: RequestToVerify,
  name: string,
  value: string | undefined,
): RequestToVerify {
  const headers: string[] = [];
  for (let i = 0; i < request.headers.length; i += 2) {
    const [header = '', text = ''] = request.headers.slice(i, i + 2);
    if (header.toLowerCase() !== name) headers.push(header, text);
  }
  return { ...request, headers: value === undefined ? headers : [...headers, name, value] };
}

export function headerOf(request: RequestToVerify, name: string): string {
  const at = request.headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  const value = request.headers[at + 1];
  if (at < 0 || value === undefined) throw new Error(`no header ${name}`);
  return value;
}
