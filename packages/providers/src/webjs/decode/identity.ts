import type { Account, Identity } from '@blazz/core';
import { asRaw, asText } from '../../json/raw';
import { jidOf } from './ids';

/** Who an id names: a phone number or a LID. Others, such as a group, name nobody. */
export function decodeIdentity(jid: string | undefined, name?: unknown): Identity {
  const shown = asText(name);
  const [user = '', server] = (jid ?? '').split('@');
  const digits = user.split(':')[0] ?? '';
  return {
    ...(server === 'c.us' || server === 's.whatsapp.net' ? { phone: digits } : {}),
    ...(server === 'lid' ? { lid: `${digits}@lid` } : {}),
    ...(shown === undefined ? {} : { name: shown }),
  };
}

/** The linked account, from the library's `client.info`. */
export function decodeAccount(info: unknown): Account {
  const { wid, pushname, platform } = asRaw(info);
  const system = asText(platform);
  return {
    ...decodeIdentity(jidOf(wid), pushname),
    ...(system === undefined ? {} : { platform: system }),
  };
}
