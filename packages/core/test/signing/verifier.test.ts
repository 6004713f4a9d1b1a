import {
  contentDigest,
  type RequestToVerify,
  Signer,
  type VerificationReason,
  verificationError,
  verificationReasons,
} from '@blazz/core/signing';
import { describe, expect, it } from 'vitest';
import { headerOf, NOW, rawHeaders, SECRET, sample, setUp, signed, withHeader } from './fixture';

const at = (now: number, lifetimeSeconds = 300): Signer =>
  new Signer({ keyId: 'app', secret: SECRET, clock: { now: () => now }, lifetimeSeconds });

/** Verifies a request that differs from a good one, and gives the reason of its refusal. */
async function reasonOf(
  change: (request: RequestToVerify) => RequestToVerify,
  options?: Parameters<typeof setUp>[0],
): Promise<VerificationReason | 'accepted'> {
  const { signer, verifier } = setUp(options);
  const result = await verifier.verify(change(signed(signer)));
  return result.ok ? 'accepted' : result.reason;
}

const editInput =
  (pattern: string | RegExp, by: string) =>
  (request: RequestToVerify): RequestToVerify => {
    const input = headerOf(request, 'signature-input');
    const changed = input.replace(pattern, by);
    expect(changed).not.toBe(input);
    return withHeader(request, 'signature-input', changed);
  };

describe('Verifier', () => {
  it('accepts what the signer signs, and says who it was', async () => {
    const { signer, verifier } = setUp();
    const result = await verifier.verify(signed(signer));
    expect(result).toMatchObject({
      ok: true,
      key: { id: 'app' },
      idempotencyKey: `"${sample.idempotencyKey}"`,
      parameters: { created: NOW / 1000, expires: NOW / 1000 + 300, coversIdempotencyKey: true },
    });
  });

  it('checks head and body apart, so that a stranger costs no body', async () => {
    const { signer, verifier, nonces } = setUp();
    const { body, ...head } = signed(signer);
    const check = verifier.checkHead(head);
    if (!check.ok) throw new Error(check.reason);
    expect(check.head.key.id).toBe('app');
    expect(nonces.size).toBe(0);
    const other = Buffer.concat([body, Buffer.from(' ')]);
    expect(await verifier.checkBody(check.head, other)).toMatchObject({
      reason: 'digest_mismatch',
    });
    expect(nonces.size).toBe(0);
    expect(await verifier.checkBody(check.head, body)).toMatchObject({ ok: true });
    expect(await verifier.checkBody(check.head, body)).toMatchObject({ reason: 'replayed' });
  });

  it.each<[string, VerificationReason, (request: RequestToVerify) => RequestToVerify]>([
    ['no authority', 'malformed_request', (r) => ({ ...r, authority: undefined })],
    ['an authority with a line break', 'malformed_request', (r) => ({ ...r, authority: 'a\n' })],
    [
      'an absolute target',
      'malformed_request',
      (r) => ({ ...r, rawTarget: `http://a${r.rawTarget}` }),
    ],
    ['a target of an asterisk', 'malformed_request', (r) => ({ ...r, rawTarget: '*' })],
    ['a target with a fragment', 'malformed_request', (r) => ({ ...r, rawTarget: '/a#b' })],
    ['a target beyond ASCII', 'malformed_request', (r) => ({ ...r, rawTarget: '/grüße' })],
    ['an empty query', 'malformed_request', (r) => ({ ...r, rawTarget: '/a?' })],
    ['a method in small letters', 'malformed_request', (r) => ({ ...r, method: 'post' })],
    ['no Signature', 'missing_header', (r) => withHeader(r, 'signature', undefined)],
    ['no Signature-Input', 'missing_header', (r) => withHeader(r, 'signature-input', undefined)],
    ['no Content-Digest', 'missing_header', (r) => withHeader(r, 'content-digest', undefined)],
    ['a Content-Encoding', 'content_encoding', (r) => withHeader(r, 'content-encoding', 'gzip')],
    ['even of identity', 'content_encoding', (r) => withHeader(r, 'content-encoding', 'identity')],
    [
      'a key that it did not sign',
      'idempotency_key_not_covered',
      (r) => withHeader(r, 'idempotency-key', undefined),
    ],
    [
      'a key of strange letters',
      'malformed_idempotency_key',
      (r) => withHeader(r, 'idempotency-key', '"grüße-grüße-grüße"'),
    ],
    [
      'the key without quotes',
      'mac_mismatch',
      (r) => withHeader(r, 'idempotency-key', 'order-4711-confirmation'),
    ],
    ['another label', 'malformed_input', editInput('sig=', 'sig1=')],
    ['two labels', 'malformed_input', editInput(/^/, 'a=("@method"),')],
    ['an alg parameter', 'malformed_input', editInput(/$/, ';alg="hmac-sha256"')],
    ['a component less', 'malformed_input', editInput('"@query" ', '')],
    ['a component more', 'malformed_input', editInput('"@path"', '"@path" "date"')],
    ['another order', 'malformed_input', editInput('"@path" "@query"', '"@query" "@path"')],
    ['another tag', 'malformed_input', editInput('blazz-v1', 'blazz-v2')],
    ['no tag', 'malformed_input', editInput(';tag="blazz-v1"', '')],
    [
      'a short nonce',
      'malformed_input',
      editInput(/nonce="[^"]*"/, 'nonce="abcdefghijklmnopqrstu"'),
    ],
    ['a strange key id', 'malformed_input', editInput('keyid="app"', 'keyid="a/b"')],
    ['another key id', 'unknown_key', editInput('keyid="app"', 'keyid="nobody"')],
    [
      'a key id of Object.prototype',
      'unknown_key',
      editInput('keyid="app"', 'keyid="constructor"'),
    ],
    ['another nonce', 'mac_mismatch', editInput('nonce="', 'nonce="x')],
    ['another path', 'mac_mismatch', (r) => ({ ...r, rawTarget: `/x${r.rawTarget}` })],
    ['another method', 'mac_mismatch', (r) => ({ ...r, method: 'PUT' })],
    ['another authority', 'mac_mismatch', (r) => ({ ...r, authority: 'gateway.example' })],
    ['another body', 'digest_mismatch', (r) => ({ ...r, body: Buffer.from('{}') })],
    [
      'another body with its digest',
      'mac_mismatch',
      (r) =>
        withHeader(
          { ...r, body: Buffer.from('{}') },
          'content-digest',
          contentDigest(Buffer.from('{}')),
        ),
    ],
    [
      'a digest of another kind',
      'malformed_digest',
      (r) => withHeader(r, 'content-digest', 'sha-512=:AAAA:'),
    ],
  ])('refuses %s (%s)', async (_, reason, change) => {
    expect(await reasonOf(change)).toBe(reason);
  });

  it.each(['Signature', 'SIGNATURE-INPUT', 'content-digest', 'Idempotency-Key', 'Host'])(
    'refuses %s when it was sent twice, even with the same value',
    async (name) => {
      const value = (r: RequestToVerify): string =>
        name === 'Host' ? (r.authority ?? '') : headerOf(r, name.toLowerCase());
      expect(
        await reasonOf((r) => ({
          ...r,
          headers: ['host', r.authority ?? '', ...r.headers, name, value(r)],
        })),
      ).toBe('duplicate_header');
    },
  );

  it('reads header names in any case', async () => {
    const shout = (r: RequestToVerify): RequestToVerify => ({
      ...r,
      headers: r.headers.map((text, i) => (i % 2 === 0 ? text.toUpperCase() : text)),
    });
    expect(await reasonOf(shout)).toBe('accepted');
  });

  it.each<[string, number, number, VerificationReason | 'accepted']>([
    ['60 s ahead', 60_000, 300, 'accepted'],
    ['61 s ahead', 61_000, 300, 'created_in_future'],
    ['300 s old', -300_000, 300, 'accepted'],
    ['301 s old', -301_000, 300, 'too_old'],
    ['at the end of a short life', -10_000, 10, 'accepted'],
    ['after a short life', -11_000, 10, 'expired'],
  ])('judges a signature %s', async (_, offset, lifetime, expected) => {
    const signer = at(NOW + offset, lifetime);
    expect(await reasonOf(() => signed(signer))).toBe(expected);
  });

  it.each([
    [/expires=\d+/, `expires=${NOW / 1000 + 301}`, 'bad_lifetime'],
    [/expires=\d+/, `expires=${NOW / 1000}`, 'bad_lifetime'],
    [/created=\d+/, `created=0${NOW / 1000}`, 'malformed_input'],
    [/created=\d+/, `created=${NOW / 1000}.0`, 'malformed_input'],
    [/created=\d+/, `created=${NOW / 1000}abc`, 'malformed_input'],
    [/created=\d+/, `created=-${NOW / 1000}`, 'malformed_input'],
    [/created=\d+/, 'created=1e9', 'malformed_input'],
  ] as const)('reads times strictly: %s by %s', async (pattern, by, reason) => {
    expect(await reasonOf(editInput(pattern, by))).toBe(reason);
  });

  it('answers only to the authorities that it was told, in any case', async () => {
    const authorities = ['Gateway.Example:8080'];
    expect(await reasonOf((r) => r, { authorities })).toBe('accepted');
    expect(
      await reasonOf((r) => ({ ...r, authority: 'GATEWAY.example:8080' }), { authorities }),
    ).toBe('accepted');
    const { verifier } = setUp({ authorities });
    const elsewhere = signed(at(NOW), { ...sample, authority: 'other.example' });
    expect(await verifier.verify(elsewhere)).toMatchObject({ reason: 'foreign_authority' });
  });

  it('forgets a nonce only when its signature is long dead', async () => {
    const { signer, verifier } = setUp();
    const request = signed(signer);
    expect(await verifier.verify(request)).toMatchObject({ ok: true });
    for (const later of [1, 299_000, 300_000, 301_000, 660_001]) {
      expect(await verifier.verify({ ...request, now: NOW + later })).toMatchObject({ ok: false });
    }
  });

  it('lets one of many simultaneous replays through', async () => {
    const { signer, verifier } = setUp();
    const request = signed(signer);
    const results = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(request)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
  });

  it('keeps the nonces of two keys apart', async () => {
    const other = 'Zm9yIHRoZSBzZWNvbmQga2V5LCAzMiBieXRlcyBvZiBpdA==';
    const { verifier } = setUp({
      keys: [
        { id: 'app', secret: SECRET, scopes: [], workspaces: '*' },
        { id: 'two', secret: other, scopes: [], workspaces: '*' },
      ],
    });
    const random = (size: number): Uint8Array => new Uint8Array(size).fill(7);
    for (const [keyId, secret] of [
      ['app', SECRET],
      ['two', other],
    ] as const) {
      const signer = new Signer({ keyId, secret, random, clock: { now: () => NOW } });
      expect(await verifier.verify(signed(signer))).toMatchObject({ ok: true });
      expect(await verifier.verify(signed(signer))).toMatchObject({ reason: 'replayed' });
    }
  });

  it('refuses when the nonce store fails, and keeps the cause', async () => {
    const cause = new Error('disk gone');
    const { signer, verifier } = setUp({ store: { use: () => Promise.reject(cause) } });
    const result = await verifier.verify(signed(signer));
    expect(result).toEqual({ ok: false, reason: 'nonce_store_failed', keyId: 'app', cause });
    const late = setUp({
      store: { use: async () => ({ fresh: true, kept: Promise.reject(cause) }) },
    });
    expect(await late.verifier.verify(signed(late.signer))).toEqual(result);
    if (result.ok) throw new Error('unreachable');
    expect(verificationError(result)).toMatchObject({
      code: 'store_unavailable',
      retryable: true,
      cause,
    });
  });

  it('has one public answer for every forgery', () => {
    const answers = verificationReasons
      .filter((reason) => reason !== 'nonce_store_failed')
      .map((reason) => JSON.stringify(verificationError({ ok: false, reason, keyId: 'app' })));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"signature_invalid"');
    expect(answers[0]).not.toContain('app');
  });
});

describe('pitfalls', () => {
  it('does not throw on a MAC of another length', async () => {
    for (const mac of ['sig=::', 'sig=:AAAA:', `sig=:${'A'.repeat(88)}:`]) {
      expect(await reasonOf((r) => withHeader(r, 'signature', mac))).toBe('malformed_signature');
    }
  });

  it('does not skip junk in base64, as Buffer.from does', async () => {
    const junk = (by: (mac: string) => string) => (r: RequestToVerify) =>
      withHeader(r, 'signature', by(headerOf(r, 'signature')));
    expect(await reasonOf(junk((mac) => mac.replace('=:', '=: ')))).toBe('malformed_signature');
    expect(await reasonOf(junk((mac) => `${mac}\n`))).toBe('malformed_signature');
    expect(await reasonOf(junk((mac) => mac.replace(/.=:$/, '!=:')))).toBe('malformed_signature');
    // The last character carries two bits that no byte needs: another spelling, the same bytes.
    const respelled = junk((mac) => {
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
      return mac.replace(/(.)=:$/, (_, last: string) => `${letters[letters.indexOf(last) + 1]}=:`);
    });
    expect(await reasonOf(respelled)).toBe('mac_mismatch');
  });

  it('signs the bytes of the target, not what a URL parser makes of them', async () => {
    const { signer, verifier } = setUp();
    const target = '/internal/%2e%2e/session/a%2Fb/status?x=%41&&=';
    expect(new URL(target, 'http://a').pathname).not.toBe(target.split('?')[0]);
    const request = signed(signer, { ...sample, rawTarget: target });
    const { pathname, search } = new URL(target, 'http://a');
    const folded = { ...request, rawTarget: pathname + search };
    expect(await verifier.verify(folded)).toMatchObject({ reason: 'mac_mismatch' });
    const decoded = { ...request, rawTarget: target.replace('%41', 'A') };
    expect(await verifier.verify(decoded)).toMatchObject({ reason: 'mac_mismatch' });
    expect(await verifier.verify(request)).toMatchObject({ ok: true });
  });

  it('digests the body as it came, not what a parser makes of it', async () => {
    expect(
      await reasonOf((r) => ({ ...r, body: Buffer.from(`${Buffer.from(r.body).toString()} `) })),
    ).toBe('digest_mismatch');
  });

  it('covers a WebSocket upgrade, whose own key is not signed, by the nonce', async () => {
    const { signer, verifier } = setUp();
    const headers = rawHeaders(
      signer.sign({ method: 'GET', authority: 'gateway.example', rawTarget: '/internal/ws' }),
    );
    const upgrade = (key: string): RequestToVerify => ({
      method: 'GET',
      authority: 'gateway.example',
      rawTarget: '/internal/ws',
      headers: [...headers, 'Sec-WebSocket-Key', key],
      body: new Uint8Array(),
      now: NOW,
    });
    expect(await verifier.verify(upgrade('dGhlIHNhbXBsZSBub25jZQ=='))).toMatchObject({ ok: true });
    expect(await verifier.verify(upgrade('YW5vdGhlciBub25jZSwgMTY='))).toMatchObject({
      reason: 'replayed',
    });
  });
});

describe('Signer', () => {
  it('signs a repeated request anew', () => {
    const signer = at(NOW);
    const nonces = Array.from({ length: 1000 }, () => signer.sign(sample)['signature-input']);
    expect(new Set(nonces).size).toBe(1000);
  });

  it.each([
    { rawTarget: 'internal' },
    { rawTarget: '/a b' },
    { rawTarget: '/a\r\nx: y' },
    { rawTarget: '/a?' },
    { authority: 'user@host' },
    { authority: undefined },
    { method: 'get' },
    { idempotencyKey: 'too-short' },
    { idempotencyKey: '"quoted-already-0123456789"' },
    { idempotencyKey: 'x'.repeat(129) },
  ])('refuses to sign %j', (changes) => {
    expect(() => at(NOW).sign({ ...sample, ...changes })).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
  });

  it.each([
    { lifetimeSeconds: 301 },
    { lifetimeSeconds: 0 },
    { lifetimeSeconds: 1.5 },
    { keyId: 'a b' },
  ])('refuses the option %j', (changes) => {
    const options = { keyId: 'app', secret: SECRET, clock: { now: () => NOW }, ...changes };
    expect(() => new Signer(options)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});
