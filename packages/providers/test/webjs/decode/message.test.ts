import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAck } from '../../../src/webjs/decode/ack';
import { decodeMessage } from '../../../src/webjs/decode/message';

const context = { self: ['62811@c.us', '77@lid'], includeRaw: false, caughtUp: false };
const model = (more: object): object => ({
  id: { fromMe: false, remote: '62822@c.us', id: 'AA', _serialized: 'false_62822@c.us_AA' },
  from: '62822@c.us',
  to: '62811@c.us',
  t: 1_700_000_000,
  type: 'chat',
  body: 'hi',
  ...more,
});

describe('decodeMessage', () => {
  it('never throws, whatever the page says', () => {
    fc.assert(fc.property(fc.anything(), (value) => void decodeMessage(value, context)));
    fc.assert(
      fc.property(
        fc.object({ maxDepth: 2 }),
        fc.constantFrom(
          'chat',
          'image',
          'location',
          'multi_vcard',
          'poll_creation',
          'list_response',
          'x',
        ),
        (more, type) =>
          void decodeMessage(model({ ...more, id: 'false_62822@c.us_AA', type }), context),
      ),
    );
  });

  it('takes a time that is none for the beginning of time', () => {
    for (const t of [1e300, -1e300, Number.NaN, 'soon', undefined]) {
      expect(decodeMessage(model({ t }), context)?.timestamp).toBe('1970-01-01T00:00:00.000Z');
    }
  });

  it('leaves out what nothing can refer to', () => {
    expect(decodeMessage({ type: 'chat', body: 'hi' }, context)).toBeUndefined();
  });

  it('reads a message of a release that names ids otherwise', () => {
    const id = { fromMe: false, remote: { $1: '62822@c.us' }, id: 'AA', $1: 'false_62822@c.us_AA' };
    expect(decodeMessage(model({ id, from: { $1: '62822@c.us' } }), context)).toMatchObject({
      provider_message_id: 'false_62822@c.us_AA',
      from: { phone: '62822' },
      chat_id: '62822@c.us',
    });
  });

  it('works out whose message is answered', () => {
    const quote = (more: object) =>
      decodeMessage(model({ quotedStanzaID: 'BB', ...more }), context)?.reply_to
        ?.provider_message_id;
    expect(quote({ quotedParticipant: '62822@c.us' })).toBe('false_62822@c.us_BB');
    expect(quote({ quotedParticipant: '62811:4@c.us' })).toBe('true_62822@c.us_BB');
    expect(quote({ quotedParticipant: { _serialized: '77@lid' } })).toBe('true_62822@c.us_BB');
    const group = { fromMe: false, remote: '1203@g.us', id: 'AA', participant: '62822@c.us' };
    expect(quote({ id: group, quotedParticipant: '62833@c.us' })).toBe(
      'false_1203@g.us_BB_62833@c.us',
    );
  });

  it('reads what was pressed in the shape of the Cloud API', () => {
    expect(
      decodeMessage(
        model({ type: 'buttons_response', selectedButtonId: 'yes', body: 'Yes' }),
        context,
      ),
    ).toMatchObject({
      type: 'button',
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } },
    });
    const listResponse = { title: 'Two', singleSelectReply: { selectedRowId: '2' } };
    expect(
      decodeMessage(model({ type: 'list_response', listResponse, body: '' }), context),
    ).toMatchObject({ interactive: { list_reply: { id: '2', title: 'Two' } } });
  });

  it('gives the raw model only when told to', () => {
    const raw = model({});
    expect(decodeMessage(raw, context)).not.toHaveProperty('raw');
    expect(decodeMessage(raw, { ...context, includeRaw: true })?.raw).toBe(raw);
  });
});

describe('decodeAck', () => {
  it.each([
    [-1, 'failed'],
    [0, undefined],
    [1, 'sent'],
    [2, 'delivered'],
    [3, 'read'],
    [4, 'played'],
    [5, undefined],
    [null, undefined],
  ])('%s is %s', (ack, receipt) => expect(decodeAck(ack)).toBe(receipt));
});
