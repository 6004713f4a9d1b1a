import { inspect } from 'node:util';
import { isGatewayError } from '@blazz/core';
import { generateSecret, KeyRing, Signer } from '@blazz/core/signing';
import { describe, expect, it } from 'vitest';
import { keyOptions, NOW, SECRET, setUp, signed } from './fixture';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isGatewayError(error) && error.code === 'invalid_config') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('KeyRing', () => {
  it.each([
    ['short bytes', new Uint8Array(31).map((_, i) => i * 7), 'has 31 bytes'],
    [
      'short base64',
      Buffer.from(SECRET, 'base64').subarray(0, 24).toString('base64'),
      'has 24 bytes',
    ],
    ['zeros', new Uint8Array(32), 'is not random'],
    ['one character', 'A'.repeat(64), 'is not random'],
    ['a placeholder', 'change-me-change-me-change-me-change-me-change-me', 'is a placeholder'],
    [
      'a placeholder in capitals',
      'YOUR_SECRET_KEY_GOES_HERE_0123456789abcdefghi',
      'is a placeholder',
    ],
    [
      'a placeholder in bytes',
      Buffer.from('my-default-key-0123456789-abcdefghijk'),
      'is a placeholder',
    ],
    [
      "RFC 9421's own test key",
      'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
      'is published',
    ],
    ['no base64', `${SECRET.slice(0, -1)}!`, 'is not base64'],
    ['base64 with a line break', `${SECRET}\n`, 'is not base64'],
    ['nothing', '', 'is not base64'],
  ])('refuses %s as a secret, says why and never repeats it', (_, secret, why) => {
    for (const message of [
      refusal(() => new KeyRing([keyOptions({ secret })])),
      refusal(() => new Signer({ keyId: 'app', secret, clock: { now: () => NOW } })),
    ]) {
      expect(message).toContain('key "app"');
      expect(message).toContain(why);
      expect(message).toContain('openssl rand -base64 32');
      if (secret.length > 0) expect(message).not.toContain(Buffer.from(secret).toString());
    }
  });

  it('takes generated secrets, in either alphabet or as bytes', () => {
    for (let i = 0; i < 200; i++) {
      const secret = generateSecret();
      const bytes = Buffer.from(secret, 'base64');
      expect(bytes).toHaveLength(32);
      const ring = new KeyRing([
        keyOptions({ id: 'a', secret }),
        keyOptions({ id: 'b', secret: bytes.toString('base64url') }),
        keyOptions({ id: 'c', secret: bytes }),
      ]);
      expect(ring.list().every((key) => key.secret.export().equals(bytes))).toBe(true);
    }
  });

  it.each([
    { id: '' },
    { id: '../x' },
    { id: 'a"b' },
    { scopes: ['Messages Send'] },
    { scopes: 'messages' as unknown as string[] },
    { workspaces: ['w1', '../w2'] },
    { workspaces: 'w1' as unknown as string[] },
    { notBefore: NOW, notAfter: NOW },
    { notAfter: Number.NaN },
  ])('refuses the key %j', (changes) => {
    expect(refusal(() => new KeyRing([keyOptions(changes)]))).toMatch(/key/i);
  });

  it('refuses two keys of one id', () => {
    expect(refusal(() => new KeyRing([keyOptions(), keyOptions()]))).toContain('"app"');
  });

  it('says what a key may do, and for whom', () => {
    const ring = new KeyRing([
      keyOptions({ id: 'one', scopes: ['messages', 'system'], workspaces: ['w1'] }),
      keyOptions({ id: 'all' }),
    ]);
    const one = ring.get('one')!;
    expect([one.hasScope('system'), one.hasScope('keys')]).toEqual([true, false]);
    expect([one.covers('w1'), one.covers('w2')]).toEqual([true, false]);
    expect(ring.get('all')!.covers('w2')).toBe(true);
    expect(ring.get('none')).toBeUndefined();
  });

  it('does not show a secret to whoever prints a key', () => {
    const key = new KeyRing([keyOptions()]).get('app')!;
    const shown = `${inspect(key, { depth: 9, showHidden: true })} ${JSON.stringify(key)}`;
    const bytes = Buffer.from(SECRET, 'base64');
    for (const text of [SECRET, bytes.toString('hex'), bytes.toString('latin1')]) {
      expect(shown).not.toContain(text);
    }
  });

  it('rotates by overlap: both keys hold until the old one ends', async () => {
    const { keys, verifier, signer: old } = setUp();
    const secret = generateSecret();
    keys.add(keyOptions({ id: 'app-2', secret, notBefore: NOW - 1000 }));
    expect(keys.expire('app', NOW + 10_000)).toBe(true);
    const next = new Signer({ keyId: 'app-2', secret, clock: { now: () => NOW } });
    expect(await verifier.verify(signed(old))).toMatchObject({ ok: true, key: { id: 'app' } });
    expect(await verifier.verify(signed(next))).toMatchObject({ ok: true, key: { id: 'app-2' } });
    const later = { ...signed(old), now: NOW + 10_000 };
    expect(await verifier.verify(later)).toMatchObject({ ok: false, reason: 'key_expired' });
    expect(await verifier.verify({ ...signed(next), now: NOW + 10_000 })).toMatchObject({
      ok: true,
    });
    const early = { ...signed(next), now: NOW - 1001 };
    expect(await verifier.verify(early)).toMatchObject({ ok: false, reason: 'key_not_yet_valid' });
    expect([keys.remove('app'), keys.remove('app'), keys.size]).toEqual([true, false, 1]);
    expect(keys.expire('app', NOW)).toBe(false);
    expect(await verifier.verify(signed(old))).toMatchObject({ ok: false, reason: 'unknown_key' });
  });
});
