import { GatewayError, type MediaContent, type MediaType, type MessageContent } from '@blazz/core';
import type { FetchedMedia } from '../../media/fetch-media';
import type { Library, LibrarySendOptions } from '../library/library-types';
import { encodeVcard } from './vcard';

/** What whatsapp-web.js is asked to send. */
export interface EncodedContent {
  /** Text, or one of the library's own objects. */
  readonly content: unknown;
  /** The library's options for it. */
  readonly options: LibrarySendOptions;
}

/** Content that goes through the library's `sendMessage`; a reaction does not. */
export type SendableContent = Exclude<
  MessageContent,
  { type: 'reaction' | 'interactive' | 'template' }
>;

/**
 * Puts a message's content into the library's words.
 * @param media what its link or id stood for, when it has one
 * @throws GatewayError `media_unavailable` when the media is not what the type needs
 */
export function encodeContent(
  content: SendableContent,
  library: Library,
  media?: FetchedMedia,
): EncodedContent {
  switch (content.type) {
    case 'text':
      return {
        content: content.text.body,
        // A text that happens to look like a card stays a text.
        options: { linkPreview: content.text.preview_url === true, parseVCards: false },
      };
    case 'location': {
      const { latitude, longitude, name, address } = content.location;
      const place = {
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address }),
      };
      return { content: new library.Location(latitude, longitude, place), options: {} };
    }
    case 'contacts':
      return encodeContacts(content.contacts.map(encodeVcard), content.contacts);
    case 'poll': {
      const { name, options, selectable_count = 1 } = content.poll;
      const settings = { allowMultipleAnswers: selectable_count !== 1 };
      return {
        content: new library.Poll(name, options, settings),
        // The library itself knows only "one" and "any number".
        options: { extra: { pollSelectableOptionsCount: selectable_count } },
      };
    }
    case 'image':
      return encodeMedia('image', content.image, library, media);
    case 'video':
      return encodeMedia('video', content.video, library, media);
    case 'audio':
      return encodeMedia('audio', content.audio, library, media);
    case 'document':
      return encodeMedia('document', content.document, library, media);
    case 'sticker':
      return encodeMedia('sticker', content.sticker, library, media);
  }
}

function encodeContacts(
  vcards: readonly string[],
  cards: Extract<MessageContent, { type: 'contacts' }>['contacts'],
): EncodedContent {
  const [first = ''] = vcards;
  if (vcards.length === 1) return { content: first, options: { linkPreview: false } };
  const vcardList = vcards.map((vcard, index) => ({
    vcard,
    displayName: cards[index]?.name.formatted_name ?? '',
  }));
  // The library sends lists of saved contacts only; these cards need not be saved anywhere.
  const extra = { type: 'multi_vcard', vcardList, body: null };
  return { content: '', options: { extra, linkPreview: false } };
}

function encodeMedia(
  type: MediaType,
  content: MediaContent,
  library: Library,
  media: FetchedMedia | undefined,
): EncodedContent {
  if (media === undefined || media.data.byteLength === 0) {
    throw refused('The media is empty');
  }
  const mime = content.mime_type ?? (media.mimeType || fallback[type]);
  const family = mime.split('/')[0];
  if (type !== 'document' && family !== (type === 'sticker' ? 'image' : type)) {
    throw refused(`The media is not of the family that a message of type ${type} needs`);
  }
  const { data } = media;
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  return {
    content: new library.MessageMedia(mime, base64, content.filename ?? media.filename),
    options: {
      ...(content.caption === undefined ? {} : { caption: content.caption }),
      ...(type === 'document' ? { sendMediaAsDocument: true } : {}),
      ...(type === 'sticker' ? { sendMediaAsSticker: true } : {}),
      ...(type === 'audio' && content.voice === true ? { sendAudioAsVoice: true } : {}),
    },
  };
}

/** What is assumed when neither the message nor the source says a type. */
const fallback: Readonly<Record<MediaType, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/ogg',
  document: 'application/octet-stream',
  sticker: 'image/webp',
};

function refused(what: string): GatewayError {
  return new GatewayError('media_unavailable', `${what}; send other media, or name its mime_type.`);
}
