import type { ContactCard } from '@blazz/core';

/** A contact card as a vCard 3.0, the version that WhatsApp itself sends. */
export function encodeVcard(card: ContactCard): string {
  const { name, phones = [], emails = [], urls = [], addresses = [], org, birthday } = card;
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:${structured([name.last_name, name.first_name, name.middle_name, name.prefix, name.suffix])}`,
    `FN:${escapeText(name.formatted_name)}`,
    ...(org?.company || org?.department
      ? [`ORG:${structured([org.company, org.department])}`]
      : []),
    ...(org?.title ? [`TITLE:${escapeText(org.title)}`] : []),
    ...phones.map(({ phone, type, wa_id }) => {
      const number = phone ?? (wa_id === undefined ? '' : `+${wa_id}`);
      return `TEL${typed(type)}${wa_id === undefined ? '' : `;waid=${parameter(wa_id)}`}:${escapeText(number)}`;
    }),
    ...emails.map(({ email = '', type }) => `EMAIL${typed(type)}:${escapeText(email)}`),
    ...urls.map(({ url = '', type }) => `URL${typed(type)}:${escapeText(url)}`),
    ...addresses.map(
      ({ street, city, state, zip, country, type }) =>
        `ADR${typed(type)}:${structured(['', '', street, city, state, zip, country])}`,
    ),
    ...(birthday === undefined ? [] : [`BDAY:${escapeText(birthday)}`]),
    'END:VCARD',
  ];
  return lines.join('\n');
}

function structured(parts: readonly (string | undefined)[]): string {
  return parts.map((part) => escapeText(part ?? '')).join(';');
}

/** Nothing that a caller writes may end a line: it would add properties of its own. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n');
}

function typed(type: string | undefined): string {
  return type === undefined ? '' : `;TYPE=${parameter(type)}`;
}

function parameter(value: string): string {
  return value.replace(/[^A-Za-z0-9-]/g, '');
}
