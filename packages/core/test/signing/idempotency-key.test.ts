import { isIdempotencyKey, parseIdempotencyKey } from '@blazz/core/signing';
import { describe, expect, it } from 'vitest';

const key = 'order-4711_confirmation';

describe('parseIdempotencyKey', () => {
  it('takes a key with and without quotes', () => {
    expect(parseIdempotencyKey(`"${key}"`)).toBe(key);
    expect(parseIdempotencyKey(key)).toBe(key);
    expect(parseIdempotencyKey('k'.repeat(16))).toBe('k'.repeat(16));
    expect(parseIdempotencyKey('k'.repeat(128))).toBe('k'.repeat(128));
  });

  it.each([
    '',
    '""',
    `"${key}`,
    `${key}"`,
    `'${key}'`,
    `${key}, ${key}`,
    'k'.repeat(15),
    'k'.repeat(129),
    `${key}\n`,
    'grüße-grüße-grüße',
  ])('takes no %j', (header) => {
    expect(parseIdempotencyKey(header)).toBeUndefined();
    expect(isIdempotencyKey(header)).toBe(false);
  });

  it('tells a key from its quoted form', () => {
    expect([isIdempotencyKey(key), isIdempotencyKey(`"${key}"`), isIdempotencyKey(7)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
