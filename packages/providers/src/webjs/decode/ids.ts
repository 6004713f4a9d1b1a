import { asRaw, asText } from '../../json/raw';

/**
 * The id of a chat or person, such as `4917…@c.us`. WhatsApp Web once renamed the field that holds
 * the whole id from `_serialized` to `$1`, so ids are read here and nowhere else.
 */
export function jidOf(value: unknown): string | undefined {
  if (typeof value === 'string') return asText(value);
  const { _serialized, $1, user, server } = asRaw(value);
  const whole = asText(_serialized) ?? asText($1);
  if (whole !== undefined) return whole;
  const [name, home] = [asText(user), asText(server)];
  return name === undefined || home === undefined ? undefined : `${name}@${home}`;
}

/** A message's key, whole: `<true|false>_<chat>_<id>` and in groups `_<participant>`. */
export function messageKey(value: unknown): string | undefined {
  if (typeof value === 'string') return asText(value);
  const { _serialized, $1, fromMe, remote, id, participant } = asRaw(value);
  const whole = asText(_serialized) ?? asText($1);
  if (whole !== undefined) return whole;
  const [chat, bare, author] = [jidOf(remote), asText(id), jidOf(participant)];
  if (typeof fromMe !== 'boolean' || chat === undefined || bare === undefined) return undefined;
  return composeKey(fromMe, chat, bare, author);
}

/** Puts a message's key together from its parts. */
export function composeKey(fromMe: boolean, chat: string, id: string, author?: string): string {
  return `${fromMe}_${chat}_${id}${author === undefined ? '' : `_${author}`}`;
}

/** The chat that a message's key names. */
export function chatOfKey(key: string): string | undefined {
  return key.split('_')[1];
}

/** The id within a message's key: it stays when the chat moves from a number to a hidden id. */
export function bareIdOf(key: string): string | undefined {
  return key.split('_')[2];
}

/** Whether a message's key names a message of this account's own. */
export function isOwnKey(key: string): boolean {
  return key.startsWith('true_');
}

/** Whether two ids name the same account: a device suffix (`:12`) does not count. */
export function sameJid(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && plain(a) === plain(b);
}

function plain(jid: string): string {
  return jid.replace(/:\d+@/, '@').replace('@s.whatsapp.net', '@c.us');
}
