import { createHmac } from 'node:crypto';
import {
  contentDigest,
  isContentDigest,
  matchesContentDigest,
  parseAppSecret,
  parseWebhookSecret,
  signatureBase,
  signWebhook,
  verifyHubSignature,
  verifyWebhook,
} from '@blazz/core/signing';
import { describe, expect, it } from 'vitest';

describe('RFC 9421, B.2.5', () => {
  const key = Buffer.from(
    'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
    'base64',
  );
  const parameters =
    '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"';

  it('is reproduced by the general signature base', () => {
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
      ],
      parameters,
    );
    expect(base).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@authority": example.com',
        '"content-type": application/json',
        `"@signature-params": ${parameters}`,
      ].join('\n'),
    );
    expect(createHmac('sha256', key).update(base).digest('base64')).toBe(
      'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
    );
  });

  it.each([
    [[['date', 'a\n"@authority": evil.example']], parameters],
    [[['date\r', 'a']], parameters],
    [[['date', 'a']], `${parameters}\n`],
    [
      [
        ['date', 'a'],
        ['date', 'b'],
      ],
      parameters,
    ],
  ] as const)(
    'refuses a base in which one component could pass for two (%#)',
    (components, text) => {
      expect(() => signatureBase(components, text)).toThrow(
        expect.objectContaining({ code: 'bad_request' }),
      );
    },
  );
});

describe('RFC 9530', () => {
  const hello = Buffer.from('{"hello": "world"}');
  const digest = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';

  it('digests a body, and no body', () => {
    expect(contentDigest(hello)).toBe(digest);
    expect(contentDigest(new Uint8Array())).toBe(
      'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
    );
  });

  it('matches one spelling of the digest only', () => {
    expect(matchesContentDigest(digest, hello)).toBe(true);
    const twin = digest.replace('E=:', 'F=:');
    expect(Buffer.from(twin.slice(9, -1), 'base64')).toEqual(
      Buffer.from(digest.slice(9, -1), 'base64'),
    );
    expect(matchesContentDigest(twin, hello)).toBe(false);
  });

  it.each([
    `${digest}\n`,
    ` ${digest}`,
    digest.replace('sha-256', 'SHA-256'),
    digest.replace('sha-256', 'sha-512'),
    `${digest}, sha-512=:AAAA:`,
    digest.replace('X48', 'X4 8'),
    '',
  ])('takes no other shape: %j', (text) => {
    expect(isContentDigest(digest)).toBe(true);
    expect(isContentDigest(text)).toBe(false);
  });
});

describe('Standard Webhooks', () => {
  const vectors = [
    {
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    {
      secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
      id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
      timestamp: 1649367553,
      body: '{"email":"test@example.com","username":"test_user"}',
      signature: 'v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=',
    },
  ];

  it.each(vectors)('signs and verifies $id', ({ secret, id, timestamp, body, signature }) => {
    const keys = [parseWebhookSecret(secret)];
    expect(signWebhook({ id, timestamp, body, keys })).toBe(signature);
    const arrived = { id, timestamp: String(timestamp), body: Buffer.from(body), signature, keys };
    expect(verifyWebhook({ ...arrived, now: timestamp * 1000 })).toBe(true);
    expect(verifyWebhook({ ...arrived, now: timestamp * 1000 + 300_001 })).toBe(false);
    expect(verifyWebhook({ ...arrived, now: timestamp * 1000 - 300_001 })).toBe(false);
    expect(verifyWebhook({ ...arrived, id: `${id}x`, now: timestamp * 1000 })).toBe(false);
    expect(verifyWebhook({ ...arrived, body: `${body} `, now: timestamp * 1000 })).toBe(false);
  });

  it('signs with every active key, and is content with one of them', () => {
    const keys = vectors.map(({ secret }) => parseWebhookSecret(secret));
    const webhook = { id: 'evt_1', timestamp: 1_700_000_000, body: '{}' };
    const signature = signWebhook({ ...webhook, keys });
    expect(signature.split(' ')).toHaveLength(2);
    for (const key of keys) {
      const arrived = { ...webhook, timestamp: '1700000000', now: 1_700_000_000_000 };
      expect(verifyWebhook({ ...arrived, signature, keys: [key] })).toBe(true);
      expect(verifyWebhook({ ...arrived, signature: `v1a,AAAA ${signature}`, keys: [key] })).toBe(
        true,
      );
    }
  });

  it('reads the timestamp as a whole number, not as what parseInt makes of it', () => {
    const keys = [parseWebhookSecret(vectors[0]!.secret)];
    const mac = (timestamp: string): string =>
      `v1,${createHmac('sha256', keys[0]!).update(`evt_1.${timestamp}.{}`).digest('base64')}`;
    const arrived = { id: 'evt_1', body: '{}', keys, now: 1_700_000_000_000 };
    for (const timestamp of ['1700000000abc', ' 1700000000', '01700000000', '1.7e9', '']) {
      const signature = mac(timestamp);
      expect(verifyWebhook({ ...arrived, timestamp, signature }), timestamp).toBe(false);
    }
    const signature = mac('1700000000');
    expect(verifyWebhook({ ...arrived, timestamp: '1700000000', signature })).toBe(true);
  });

  it('takes no id with a full stop: the parts of what is signed could move', () => {
    const keys = [parseWebhookSecret(vectors[0]!.secret)];
    expect(() => signWebhook({ id: 'a.1', timestamp: 2, body: '', keys })).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
    const signature = signWebhook({
      id: 'a',
      timestamp: 1_700_000_000,
      body: '1700000000.x',
      keys,
    });
    const moved = { id: 'a.1700000000', timestamp: '1700000000', body: 'x', signature, keys };
    expect(verifyWebhook({ ...moved, now: 1_700_000_000_000 })).toBe(false);
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64 at all, but long enough to be one'])(
    'refuses the secret %j without repeating it',
    (secret) => {
      expect(() => parseWebhookSecret(secret)).toThrow(
        expect.objectContaining({
          code: 'invalid_config',
          message: expect.not.stringContaining(secret.slice(6) || 'undefined'),
        }),
      );
    },
  );
});

describe("Meta's X-Hub-Signature-256", () => {
  const keys = [parseAppSecret('test-app-secret')];
  const escaped = Buffer.from('{"message":"caf\\u00e9"}');
  const raw = Buffer.from('{"message":"café"}');
  const ofEscaped = 'sha256=5980113abfc4ffe911f1ae78f92dcf41e10b7d6bc792efd48dfe9ee94131aaf4';
  const ofRaw = 'sha256=935030956f1ab9b57b846cc3fa530e20f0b0152baed3e8adda841017617db5cb';

  it('is over the bytes received, escapes included', () => {
    expect(verifyHubSignature(escaped, ofEscaped, keys)).toBe(true);
    expect(verifyHubSignature(raw, ofRaw, keys)).toBe(true);
    expect(verifyHubSignature(escaped, ofRaw, keys)).toBe(false);
    expect(verifyHubSignature(raw, ofEscaped, keys)).toBe(false);
  });

  it('holds with one of several app secrets', () => {
    expect(verifyHubSignature(raw, ofRaw, [parseAppSecret('another'), ...keys])).toBe(true);
    expect(verifyHubSignature(raw, ofRaw, [parseAppSecret('another')])).toBe(false);
    expect(verifyHubSignature(raw, ofRaw, [])).toBe(false);
  });

  it.each([
    undefined,
    '',
    'sha256=',
    ofRaw.slice(0, -2),
    `${ofRaw}zz`,
    `${ofRaw}\n`,
    ofRaw.replace('sha256=', 'sha1='),
    ofRaw.toUpperCase(),
    `${ofRaw.slice(0, -1)}g`,
  ])('refuses %j and does not throw', (header) => {
    expect(verifyHubSignature(raw, header, keys)).toBe(false);
  });

  it('refuses an empty app secret, with which anybody could sign', () => {
    expect(() => parseAppSecret('')).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});
