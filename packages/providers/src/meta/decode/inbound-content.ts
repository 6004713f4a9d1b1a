import type { ContactCard, InboundMedia, InboundMessage, LocationContent } from '@blazz/core';
import { asList, asNumber, asRaw, asText, type Raw } from '../../json/raw';

/** What a message says: its type and the field of that type. */
export type InboundContent = Pick<
  InboundMessage,
  'type' | 'text' | 'media' | 'location' | 'contacts' | 'interactive' | 'order' | 'system'
>;

type Decoder = (node: Raw, message: Raw) => Omit<InboundContent, 'type'> | undefined;

const media: Decoder = (node) => {
  const found = mediaOf(node);
  return found === undefined ? undefined : { media: found };
};

/** How each type of message is read. A type that is missing here, or cannot be read, is `unsupported`. */
const decoders: Readonly<Partial<Record<InboundMessage['type'], Decoder>>> = {
  text: ({ body }) => (typeof body === 'string' ? { text: { body } } : undefined),
  image: media,
  video: media,
  audio: media,
  document: media,
  sticker: media,
  location: (node) => {
    const location = locationOf(node);
    return location === undefined ? undefined : { location };
  },
  contacts: (_, message) => {
    const cards = asList(message.contacts).flatMap((card) => cardOf(asRaw(card)) ?? []);
    return cards.length === 0 ? undefined : { contacts: cards };
  },
  interactive: (node) => (isEmpty(node) ? undefined : { interactive: node }),
  button: (node) => (isEmpty(node) ? undefined : { interactive: node }),
  order: (node) => (isEmpty(node) ? undefined : { order: node }),
  system: (node) => (isEmpty(node) ? undefined : { system: node }),
};

/** Reads what a message says; `unsupported` when that cannot be read. */
export function inboundContent(message: Raw): InboundContent {
  const type = (asText(message.type) ?? '') as InboundMessage['type'];
  const decoder = Object.hasOwn(decoders, type) ? decoders[type] : undefined;
  const found = decoder?.(asRaw(message[type]), message);
  return found === undefined ? { type: 'unsupported' } : { type, ...found };
}

function isEmpty(node: Raw): boolean {
  return Object.keys(node).length === 0;
}

function mediaOf(node: Raw): InboundMedia | undefined {
  const id = asText(node.id);
  if (id === undefined) return undefined;
  const size = asNumber(node.file_size);
  return {
    id,
    ...texts(node, ['mime_type', 'caption', 'filename', 'sha256']),
    ...(size === undefined ? {} : { size }),
    ...(typeof node.voice === 'boolean' ? { voice: node.voice } : {}),
  };
}

function locationOf(node: Raw): LocationContent | undefined {
  const latitude = asNumber(node.latitude);
  const longitude = asNumber(node.longitude);
  if (latitude === undefined || longitude === undefined) return undefined;
  return { latitude, longitude, ...texts(node, ['name', 'address', 'url']) };
}

/** A card with the fields that are known, each a text. */
function cardOf(card: Raw): ContactCard | undefined {
  const name = asRaw(card.name);
  const formatted = asText(name.formatted_name) ?? asText(name.first_name);
  if (formatted === undefined) return undefined;
  const each = <K extends string>(list: unknown, fields: readonly K[]) =>
    asList(list).map((entry) => texts(asRaw(entry), fields));
  const address = ['street', 'city', 'state', 'zip', 'country', 'country_code', 'type'] as const;
  return {
    name: {
      ...texts(name, ['first_name', 'last_name', 'middle_name', 'prefix', 'suffix']),
      formatted_name: formatted,
    },
    ...whenAny('phones', each(card.phones, ['phone', 'type', 'wa_id'])),
    ...whenAny('emails', each(card.emails, ['email', 'type'])),
    ...whenAny('urls', each(card.urls, ['url', 'type'])),
    ...whenAny('addresses', each(card.addresses, address)),
    ...(card.org === undefined
      ? {}
      : { org: texts(asRaw(card.org), ['company', 'department', 'title']) }),
    ...texts(card, ['birthday']),
  };
}

/** The fields that are texts. */
function texts<K extends string>(node: Raw, fields: readonly K[]): { [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const field of fields) {
    const text = asText(node[field]);
    if (text !== undefined) found[field] = text;
  }
  return found;
}

function whenAny<K extends string, T>(field: K, list: readonly T[]): { [P in K]?: readonly T[] } {
  return list.length === 0 ? {} : ({ [field]: list } as { [P in K]?: readonly T[] });
}
