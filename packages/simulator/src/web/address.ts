import { GatewayError } from '@blazz/core';

/**
 * How this simulator names people, groups and lists: a phone number's digits (`628111222333`), or a
 * full jid (`…@g.us`, `…@lid`, `…@c.us`) for everything else.
 */
export type Address = string;

/**
 * The jid of an address: `628…` and `+62 8…` become `628…@c.us`; a jid stays as it is.
 * @throws GatewayError `invalid_recipient` when it is neither
 */
export function toJid(address: Address): string {
  if (address.includes('@')) return address.replace('@s.whatsapp.net', '@c.us');
  const digits = address.replace(/[\s()+-]/g, '');
  if (!/^\d{5,20}$/.test(digits)) {
    throw new GatewayError(
      'invalid_recipient',
      'An address is a phone number of 5 to 20 digits, or a jid such as 1203…@g.us.',
    );
  }
  return `${digits}@c.us`;
}

/** The shortest address of a jid: the digits of a number, otherwise the jid itself. */
export function toAddress(jid: string): Address {
  return jid.endsWith('@c.us') ? jid.slice(0, -'@c.us'.length) : jid;
}

/** The bare message id: `true_628…@c.us_3EB0AA` and `3EB0AA` both name `3EB0AA`. */
export function bareId(id: string): string {
  return id.includes('_') ? (id.split('_')[2] ?? id) : id;
}
