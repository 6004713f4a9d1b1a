import { describe, expect, it } from 'vitest';
import { decodePayload } from '../../../src/meta/decode/decode-payload';
import { message, messages, metadata, payload } from './payloads';

const decode = (body: string, includeRaw = false) => decodePayload(body, { includeRaw });
const one = (type: string, more: Record<string, unknown> = {}) =>
  decode(messages([message(type, more)]))[0];

const base = {
  provider_message_id: 'wamid.text',
  from: { phone: '16505551234', name: 'Sheena Nelson' },
  chat_id: '16505551234',
  is_group: false,
  timestamp: '2025-06-08T20:59:43.000Z',
};

describe('messages', () => {
  it('are told with who wrote them, where and when', () => {
    expect(one('text', { text: { body: 'hi' } })).toEqual({
      type: 'message.received',
      message: { ...base, type: 'text', text: { body: 'hi' } },
    });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'image',
      { id: '9', mime_type: 'image/jpeg', caption: 'see', sha256: 'abc=', url: 'https://x/' },
      { media: { id: '9', mime_type: 'image/jpeg', caption: 'see', sha256: 'abc=' } },
    ],
    ['audio', { id: '9', voice: true }, { media: { id: '9', voice: true } }],
    ['document', { id: '9', filename: 'a.pdf' }, { media: { id: '9', filename: 'a.pdf' } }],
    ['video', { id: '9', file_size: 12 }, { media: { id: '9', size: 12 } }],
    ['sticker', { id: '9', animated: true }, { media: { id: '9' } }],
    [
      'location',
      { latitude: 1.5, longitude: -2, name: 'Gate', url: 'https://gate.example' },
      { location: { latitude: 1.5, longitude: -2, name: 'Gate', url: 'https://gate.example' } },
    ],
    [
      'interactive',
      { type: 'button_reply', button_reply: { id: 'a', title: 'A' } },
      { interactive: { type: 'button_reply', button_reply: { id: 'a', title: 'A' } } },
    ],
    ['button', { payload: 'p', text: 't' }, { interactive: { payload: 'p', text: 't' } }],
    ['order', { catalog_id: '1' }, { order: { catalog_id: '1' } }],
    [
      'system',
      { body: 'x', type: 'customer_changed' },
      { system: { body: 'x', type: 'customer_changed' } },
    ],
  ])('of type %s', (type, node, expected) => {
    expect(one(type, { [type]: node })).toEqual({
      type: 'message.received',
      message: { ...base, provider_message_id: `wamid.${type}`, type, ...expected },
    });
  });

  it('of type contacts keep what a card can hold', () => {
    const card = {
      name: { formatted_name: 'Ada L', first_name: 'Ada', title: 'x' },
      phones: [{ phone: '+44 1', wa_id: '441', type: 'WORK' }],
      org: { company: 'Engine' },
      vcard: 'BEGIN',
    };
    expect(one('contacts', { contacts: [card] })).toMatchObject({
      message: {
        contacts: [
          {
            name: { formatted_name: 'Ada L', first_name: 'Ada' },
            phones: [{ phone: '+44 1', wa_id: '441', type: 'WORK' }],
            org: { company: 'Engine' },
          },
        ],
      },
    });
  });

  it('tell what they answer, where they came from, and that they were forwarded', () => {
    const context = {
      from: '1',
      id: 'wamid.q',
      forwarded: true,
      referred_product: { catalog_id: 'c' },
    };
    const referral = { source_url: 'https://fb.me/x', ctwa_clid: 'abc' };
    expect(one('text', { text: { body: 'hi' }, context, referral })).toMatchObject({
      message: {
        reply_to: { provider_message_id: 'wamid.q' },
        forwarded: true,
        referred_product: { catalog_id: 'c' },
        referral,
      },
    });
  });

  it.each([
    ['unsupported', { errors: [{ code: 131051 }] }],
    ['request_welcome', {}],
    ['something_new', { something_new: { a: 1 } }],
    ['image', { image: {} }],
    ['__proto__', {}],
  ])('of type %s that cannot be read come as unsupported, with what came', (type, more) => {
    const sent = message(type, more);
    expect(decode(messages([sent]))).toEqual([
      {
        type: 'message.received',
        message: { ...base, provider_message_id: `wamid.${type}`, type: 'unsupported', raw: sent },
      },
    ]);
  });

  it('carry what came when told to', () => {
    const sent = message('text', { text: { body: 'hi' } });
    expect(decode(messages([sent]), true)[0]).toMatchObject({ message: { raw: sent } });
  });

  it('of people without a phone number are known by their user id', () => {
    const { from: _, ...rest } = message('text', { text: { body: 'hi' } });
    const contacts = [{ profile: { name: 'N', username: 'nel' }, user_id: 'US.134912' }];
    const body = messages([{ ...rest, from_user_id: 'US.134912' }], { contacts });
    expect(decode(body)[0]).toMatchObject({
      message: {
        from: { bsuid: 'US.134912', username: 'nel', name: 'N' },
        chat_id: 'US.134912',
      },
    });
  });

  it('of a group stand in the group', () => {
    expect(one('text', { text: { body: 'hi' }, group_id: 'Y2FwaV9ncm91cDox' })).toMatchObject({
      message: { chat_id: 'Y2FwaV9ncm91cDox', is_group: true, from: { phone: '16505551234' } },
    });
  });

  it('without an id, or of nobody, are passed on', () => {
    const list = [{ type: 'text', from: '16505551234' }, { type: 'text', id: 'x' }, 7, null];
    const events = decode(messages(list, { contacts: [] }));
    expect(events.map(({ type }) => type)).toEqual(Array(4).fill('provider.notice'));
  });
});

describe('gestures', () => {
  it('are reactions, changes and deletions', () => {
    const target = { original_message_id: 'wamid.t' };
    const events = decode(
      messages([
        message('reaction', { reaction: { message_id: 'wamid.t', emoji: '👍' } }),
        message('reaction', { reaction: { message_id: 'wamid.t' } }),
        message('edit', {
          edit: { ...target, message: message('text', { text: { body: 'new' } }) },
        }),
        message('edit', {
          edit: { ...target, message: message('image', { image: { id: '1', caption: 'cap' } }) },
        }),
        message('revoke', { revoke: target }),
      ]),
    );
    const about = { provider_message_id: 'wamid.t', chat_id: '16505551234' };
    const by = { from: base.from, timestamp: base.timestamp };
    expect(events).toEqual([
      { type: 'message.reaction', ...about, ...by, emoji: '👍' },
      { type: 'message.reaction', ...about, ...by, emoji: '' },
      { type: 'message.edited', ...about, text: 'new', key: 'wamid.edit' },
      { type: 'message.edited', ...about, text: 'cap', key: 'wamid.edit' },
      { type: 'message.revoked', ...about },
    ]);
  });
});

describe('a number or user id that changed', () => {
  it('is told beside the message that says so', () => {
    const system = { body: 'changed', type: 'user_changed_number', wa_id: '12195555358' };
    const events = decode(messages([message('system', { system })], { contacts: undefined }));
    expect(events).toMatchObject([
      { type: 'message.received', message: { type: 'system' } },
      {
        type: 'contact.updated',
        contact: {
          identity: { phone: '16505551234' },
          change: 'number',
          current: { phone: '12195555358' },
        },
        key: 'wamid.system',
      },
    ]);
  });

  it('is told by a report of its own', () => {
    const entry = {
      wa_id: '16505551234',
      user_id: { previous: 'US.1', current: 'US.2' },
      timestamp: '1749416383',
    };
    expect(decode(payload('user_id_update', { user_id_update: [entry] }))).toMatchObject([
      {
        type: 'contact.updated',
        contact: { change: 'identity', identity: { bsuid: 'US.1' }, current: { bsuid: 'US.2' } },
      },
    ]);
  });
});

describe('coexistence with the Business app', () => {
  it('tells what was written there as echoes', () => {
    const echo = {
      from: '15550783881',
      to: '16505551234',
      id: 'wamid.e',
      timestamp: '1749416383',
      type: 'text',
      text: { body: 'yo' },
    };
    expect(
      decode(payload('smb_message_echoes', { metadata, message_echoes: [echo] })),
    ).toMatchObject([
      {
        type: 'message.echo',
        message: { from: { phone: '15550783881' }, chat_id: '16505551234', text: { body: 'yo' } },
      },
    ]);
  });

  it('tells the history as such, both sides of it', () => {
    const thread = {
      id: '16505551234',
      messages: [
        message('text', { text: { body: 'from them' } }),
        {
          from: '15550783881',
          id: 'wamid.own',
          timestamp: '1749416383',
          type: 'text',
          text: { body: 'from us' },
        },
      ],
    };
    const declined = { errors: [{ code: 2593109, title: 'declined' }] };
    const events = decode(
      payload('history', { metadata, history: [{ threads: [thread] }, declined] }),
    );
    expect(events).toMatchObject([
      { type: 'message.received', message: { history: true, text: { body: 'from them' } } },
      { type: 'message.echo', message: { history: true, chat_id: '16505551234' } },
      { type: 'provider.notice', topic: 'history', raw: declined },
    ]);
  });
});
