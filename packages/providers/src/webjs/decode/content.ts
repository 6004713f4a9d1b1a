import type { InboundMedia, InboundMessage } from '@blazz/core';
import { asList, asNumber, asRaw, asText, type Raw } from '../../json/raw';
import { decodeVcard } from './vcard';

/** What a message says, and under which type. */
export type DecodedContent = Pick<
  InboundMessage,
  'type' | 'text' | 'media' | 'location' | 'contacts' | 'poll' | 'interactive'
>;

/** WhatsApp Web's types that are told under a name of ours. The rest is `unsupported`. */
const types: Readonly<Record<string, InboundMessage['type']>> = {
  chat: 'text',
  image: 'image',
  video: 'video',
  audio: 'audio',
  ptt: 'audio',
  document: 'document',
  sticker: 'sticker',
  location: 'location',
  vcard: 'contacts',
  multi_vcard: 'contacts',
  poll_creation: 'poll',
  list_response: 'interactive',
  buttons_response: 'button',
  template_button_reply: 'button',
  order: 'order',
  gp2: 'system',
  notification: 'system',
  notification_template: 'system',
  e2e_notification: 'system',
  call_log: 'system',
  protocol: 'system',
};

/** Reads what a message says. `key` becomes the id that its media is fetched by. */
export function decodeContent(raw: Raw, key: string): DecodedContent {
  const type = types[asText(raw.type) ?? ''] ?? 'unsupported';
  switch (type) {
    case 'text':
      return { type, text: { body: asText(raw.body) ?? '' } };
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return { type, media: decodeMedia(raw, key) };
    case 'location':
      return decodeLocation(raw);
    case 'contacts':
      return { type, contacts: vcardsOf(raw).map(decodeVcard) };
    case 'poll':
      return decodePoll(raw);
    case 'interactive':
    case 'button':
      return { type, interactive: decodeAnswer(raw) };
    default:
      return { type };
  }
}

function decodeMedia(raw: Raw, key: string): InboundMedia {
  const mime = asText(raw.mimetype);
  const caption = asText(raw.caption);
  const filename = asText(raw.filename);
  const size = asNumber(raw.size);
  const sha256 = asText(raw.filehash);
  return {
    id: key,
    ...(mime === undefined ? {} : { mime_type: mime }),
    ...(caption === undefined ? {} : { caption }),
    ...(filename === undefined ? {} : { filename }),
    ...(size === undefined ? {} : { size }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(raw.type === 'ptt' ? { voice: true } : {}),
  };
}

function decodeLocation(raw: Raw): DecodedContent {
  const [latitude, longitude] = [asNumber(raw.lat), asNumber(raw.lng)];
  if (latitude === undefined || longitude === undefined) return { type: 'unsupported' };
  // The name stands on the first line, the address on the rest.
  const [name, ...rest] = (asText(raw.loc) ?? '').split('\n');
  const address = rest.join('\n');
  return {
    type: 'location',
    location: { latitude, longitude, ...(name ? { name } : {}), ...(address ? { address } : {}) },
  };
}

function decodePoll(raw: Raw): DecodedContent {
  return {
    type: 'poll',
    poll: {
      name: asText(raw.pollName) ?? '',
      options: asList(raw.pollOptions).map((option) => asText(asRaw(option).name) ?? ''),
      selectable_count: asNumber(raw.pollSelectableOptionsCount) ?? 1,
    },
  };
}

/** The Cloud API's shape of a pressed button or a chosen row. */
function decodeAnswer(raw: Raw): Readonly<Record<string, unknown>> {
  const title = asText(raw.body) ?? asText(asRaw(raw.listResponse).title) ?? '';
  const row = asRaw(asRaw(raw.listResponse).singleSelectReply).selectedRowId;
  return raw.type === 'list_response'
    ? { type: 'list_reply', list_reply: { id: asText(row) ?? '', title } }
    : {
        type: 'button_reply',
        button_reply: {
          id: asText(raw.selectedButtonId) ?? asText(raw.selectedId) ?? '',
          title,
        },
      };
}

function vcardsOf(raw: Raw): readonly string[] {
  if (raw.type === 'vcard') return [asText(raw.body) ?? ''];
  return asList(raw.vcardList).map((entry) => asText(asRaw(entry).vcard) ?? '');
}
