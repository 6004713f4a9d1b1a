import { createHmac, timingSafeEqual } from 'node:crypto';
import { contentDigest, Signer } from '@blazz/core/signing';
import { httpbis } from 'http-message-signatures';
import { describe, expect, it } from 'vitest';
import { rawHeaders, SECRET, setUp } from './fixture';

const secret = Buffer.from(SECRET, 'base64');
const mac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();

const requests = [
  {
    method: 'GET',
    target: '/internal/events?after=10&limit=100',
    body: '',
    idempotencyKey: undefined,
  },
  { method: 'POST', target: '/internal/session/s1/qr', body: '', idempotencyKey: undefined },
  {
    method: 'POST',
    target: '/internal/send-message?x=%2e%2e%2F&y=a+b',
    body: '{"to":"15550001111","message":"grüße"}',
    idempotencyKey: 'order-4711-confirmation',
  },
];

/** The published package and this code, over the same requests, in both directions. */
describe.each(requests)('$method $target', ({ method, target, body, idempotencyKey }) => {
  const bytes = Buffer.from(body);
  const url = `https://gateway.example:8443${target}`;
  const authority = 'gateway.example:8443';

  it('signed by http-message-signatures, is accepted by Verifier', async () => {
    const { verifier } = setUp();
    const now = Date.now();
    const message = await httpbis.signMessage(
      {
        name: 'sig',
        key: { id: 'app', sign: (data) => Promise.resolve(mac(data)) },
        fields: [
          ...['@method', '@authority', '@path', '@query', 'content-digest'],
          ...(idempotencyKey === undefined ? [] : ['idempotency-key']),
        ],
        params: ['created', 'expires', 'nonce', 'keyid', 'tag'],
        paramValues: {
          created: new Date(now),
          expires: new Date(now + 60_000),
          nonce: 'AbCdEfGhIjKlMnOpQrStUv',
          tag: 'blazz-v1',
        },
      },
      {
        method,
        url,
        headers: {
          'Content-Digest': contentDigest(bytes),
          ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': `"${idempotencyKey}"` }),
        },
      },
    );
    const headers = rawHeaders(message.headers as Record<string, string>);
    const arrived = { method, authority, rawTarget: target, headers, body: bytes, now };
    expect(await verifier.verify(arrived)).toMatchObject({ ok: true, key: { id: 'app' } });
    const { verifier: another } = setUp();
    const forged = { ...arrived, rawTarget: `${target.slice(0, -1)}_` };
    expect(await another.verify(forged)).toMatchObject({ ok: false, reason: 'mac_mismatch' });
  });

  it('signed by Signer, is accepted by http-message-signatures', async () => {
    const signer = new Signer({ keyId: 'app', secret: SECRET, clock: { now: () => Date.now() } });
    const headers = signer.sign({
      method,
      authority,
      rawTarget: target,
      body: bytes,
      idempotencyKey,
    });
    const verify = (changed: string): Promise<boolean | null> =>
      httpbis.verifyMessage(
        {
          keyLookup: ({ keyid }) =>
            Promise.resolve({
              ...(keyid === undefined ? {} : { id: keyid }),
              algs: ['hmac-sha256'],
              verify: (data, signature) => Promise.resolve(timingSafeEqual(mac(data), signature)),
            }),
          requiredFields: ['@method', '@authority', '@path', '@query', 'content-digest'],
          requiredParams: ['created', 'expires', 'nonce', 'keyid', 'tag'],
        },
        { method, url: url + changed, headers: { ...headers } },
      );
    expect(await verify('')).toBe(true);
    expect(await verify('x')).toBe(false);
  });
});
