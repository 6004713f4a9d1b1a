import { describe, expect, it } from 'vitest';
import { equalInConstantTime } from '../../src/signing/constant-time';

describe('equalInConstantTime', () => {
  it('tells equal from different, also where timingSafeEqual would throw', () => {
    expect(equalInConstantTime('abc', 'abc')).toBe(true);
    expect(equalInConstantTime('', '')).toBe(true);
    expect(equalInConstantTime('abc', 'abd')).toBe(false);
    expect(equalInConstantTime('abc', 'ab')).toBe(false);
    expect(equalInConstantTime('', 'a')).toBe(false);
  });

  it('does not fold characters beyond a byte', () => {
    expect(equalInConstantTime('\u0141', 'A')).toBe(false);
    expect(equalInConstantTime('\u0141', '\u0041\u0001')).toBe(false);
  });
});
