import { isGatewayError, parseRecipient } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('parseRecipient', () => {
  it.each([
    ['6281234567890', 'phone', '6281234567890'],
    ['+62 812-3456-7890', 'phone', '6281234567890'],
    ['(62) 812.3456.7890', 'phone', '6281234567890'],
    ['6281234567890@c.us', 'phone', '6281234567890'],
    ['6281234567890@s.whatsapp.net', 'phone', '6281234567890'],
    ['120363021234567890@g.us', 'group', '120363021234567890@g.us'],
    ['Y2FwaV9ncm91cDoxODA1NTU1MA==', 'group', 'Y2FwaV9ncm91cDoxODA1NTU1MA=='],
    ['123456789012345@lid', 'lid', '123456789012345@lid'],
    ['status@broadcast', 'chat', 'status@broadcast'],
    ['US.13491208655302741918', 'bsuid', 'US.13491208655302741918'],
    ['US.ENT.11815799212886844830', 'bsuid', 'US.ENT.11815799212886844830'],
  ])('reads %s', (to, kind, key) => {
    expect(parseRecipient(to)).toMatchObject({ kind, key });
  });

  it.each([
    '',
    ' ',
    '123456',
    '0812345678901',
    '1234567890123456',
    'hello',
    'a@b.c',
    '62812@evil.us',
    '../etc@g.us',
    'us.123',
    '6281234567890\n',
    null,
    6281234567890,
    {},
    ['6281234567890'],
  ])('refuses %j without repeating it', (to) => {
    try {
      const parsed = parseRecipient(to);
      // A trailing line break is white space, and white space around a number is forgiven.
      expect(parsed.key).toBe('6281234567890');
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      expect(error.code).toBe('invalid_recipient');
      if (typeof to === 'string' && to.trim() !== '') expect(error.message).not.toContain(to);
    }
  });

  it('gives every spelling of a number the same key', () => {
    const spelling = fc.constantFrom('', ' ', '-', '.');
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{9,13}$/), fc.array(spelling), (digits, seps) => {
        const spelled = [...digits]
          .map((digit, i) => digit + (seps[i] ?? ''))
          .join('')
          .trim();
        fc.pre(spelled.length <= 24 && /[0-9]$/.test(spelled));
        expect(parseRecipient(`+${spelled}`).key).toBe(digits);
      }),
    );
  });
});
