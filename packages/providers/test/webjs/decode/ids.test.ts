import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAccount, decodeIdentity } from '../../../src/webjs/decode/identity';
import {
  chatOfKey,
  composeKey,
  isOwnKey,
  jidOf,
  messageKey,
  sameJid,
} from '../../../src/webjs/decode/ids';

const user = fc.stringMatching(/^[0-9]{5,15}$/);
const bare = fc.stringMatching(/^[0-9A-F]{16,32}$/);

describe('messageKey', () => {
  it('reads every form that a key comes in alike', () => {
    fc.assert(
      fc.property(fc.boolean(), user, bare, fc.option(user), (fromMe, name, id, author) => {
        const remote = `${name}@${author === null ? 'c.us' : 'g.us'}`;
        const participant = author === null ? undefined : `${author}@c.us`;
        const whole = composeKey(fromMe, remote, id, participant);
        expect(messageKey(whole)).toBe(whole);
        expect(messageKey({ _serialized: whole })).toBe(whole);
        // The name of the field in one release of WhatsApp Web.
        expect(messageKey({ $1: whole })).toBe(whole);
        const parts = { fromMe, remote, id, ...(participant ? { participant } : {}) };
        expect(messageKey(parts)).toBe(whole);
        const [u, server] = remote.split('@');
        expect(messageKey({ ...parts, remote: { user: u, server } })).toBe(whole);
        expect(messageKey({ ...parts, remote: { $1: remote } })).toBe(whole);
        expect(isOwnKey(whole)).toBe(fromMe);
        expect(chatOfKey(whole)).toBe(remote);
      }),
    );
  });

  it.each([undefined, null, '', 7, {}, { id: 'A' }, { fromMe: true, id: 'A' }])(
    'reads nothing out of %j',
    (value) => expect(messageKey(value)).toBeUndefined(),
  );
});

describe('identities', () => {
  it('names a number, a LID, or nobody', () => {
    expect(decodeIdentity('62811:12@c.us', 'Ada')).toEqual({ phone: '62811', name: 'Ada' });
    expect(decodeIdentity('62811@s.whatsapp.net')).toEqual({ phone: '62811' });
    expect(decodeIdentity('99:3@lid')).toEqual({ lid: '99@lid' });
    expect(decodeIdentity('1203@g.us')).toEqual({});
    expect(decodeIdentity(undefined, '')).toEqual({});
  });

  it('reads the account', () => {
    expect(
      decodeAccount({
        wid: { user: '62811', server: 'c.us' },
        pushname: 'Ada',
        platform: 'iphone',
      }),
    ).toEqual({ phone: '62811', name: 'Ada', platform: 'iphone' });
    expect(decodeAccount(undefined)).toEqual({});
  });

  it('takes devices of one account for the same', () => {
    expect(sameJid('62811:3@c.us', '62811@s.whatsapp.net')).toBe(true);
    expect(sameJid('62811@c.us', '62812@c.us')).toBe(false);
    expect(sameJid(undefined, undefined)).toBe(false);
    expect(jidOf({ $1: 'a@lid' })).toBe('a@lid');
  });
});
