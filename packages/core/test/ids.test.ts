import { isId, newId, toId } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('ids', () => {
  it('sort by time, and are ids themselves', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 45), fc.nat(2 ** 20), (time, later) => {
        const [a, b] = [newId('msg', time), newId('msg', time + later + 1)];
        expect(a < b).toBe(true);
        expect(isId(a)).toBe(true);
        expect(a).toMatch(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/);
      }),
    );
  });

  it('differ within a millisecond', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId('evt', 1)));
    expect(ids.size).toBe(10_000);
  });

  it.each(['', '-a', '_a', 'a/b', '../a', 'a b', 'ä', 'a'.repeat(65), '%2e', 'a\n', null, {}, 1.5])(
    'refuses %j',
    (value) => expect(() => toId(value, 'workspace_id')).toThrow(/workspace_id must be/),
  );

  it('takes a whole number as its digits', () => {
    expect(toId(42, 'workspace_id')).toBe('42');
  });
});
