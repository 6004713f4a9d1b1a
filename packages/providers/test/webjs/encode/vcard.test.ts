import type { ContactCard } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVcard } from '../../../src/webjs/decode/vcard';
import { encodeVcard } from '../../../src/webjs/encode/vcard';

const text = fc.string({ minLength: 1, maxLength: 30 }).filter((value) => !value.includes('\r'));

describe('vCards', () => {
  it('come back as they went out, whatever is in them', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.stringMatching(/^[0-9]{7,15}$/),
        text,
        (formatted_name, first_name, last_name, wa_id, company) => {
          const card: ContactCard = {
            name: { formatted_name, first_name, last_name },
            phones: [{ phone: `+${wa_id}`, type: 'CELL', wa_id }],
            emails: [{ email: `a@${wa_id}.test`, type: 'WORK' }],
            org: { company },
          };
          expect(decodeVcard(encodeVcard(card))).toEqual(card);
        },
      ),
      // An escape that ends a part, next to the semicolon that ends it, too.
      { numRuns: 500, examples: [['a', 'b', 'c\\', '1234567', 'd;\\']] },
    );
  });

  it('cannot be given further properties by what is written into them', () => {
    const card = {
      name: { formatted_name: 'Ada\nTEL:+666\r\nEND:VCARD' },
      phones: [{ type: 'X:Y\nZ' }],
    };
    const lines = encodeVcard(card).split('\n');
    expect(lines.filter((line) => line.startsWith('TEL:'))).toEqual([]);
    expect(lines.filter((line) => line === 'END:VCARD')).toHaveLength(1);
  });

  it('are read as old phones and folded lines write them', () => {
    const vcard = [
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N:Lovelace;Ada;;Dr.;',
      'item1.TEL;CELL:+62811',
      'FN:Ada ',
      ' Lovelace',
      'BDAY:1815-12-10',
      'no property',
      'END:VCARD',
    ].join('\r\n');
    expect(decodeVcard(vcard)).toEqual({
      name: {
        formatted_name: 'Ada Lovelace',
        first_name: 'Ada',
        last_name: 'Lovelace',
        prefix: 'Dr.',
      },
      phones: [{ phone: '+62811', type: 'CELL' }],
      birthday: '1815-12-10',
    });
  });
});
