import { type Address, toAddress } from '../address';
import type { MediaVault } from '../media/media-vault';
import type { WireMessage } from '../wire';
import type { Content, MediaContent, MediaKind, ReadMessage } from './content';

/** Our media kinds under WhatsApp Web's names, where they differ. */
const mediaTypes: Record<MediaKind, string> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'ptt',
  document: 'document',
  sticker: 'sticker',
};

/** Content as WhatsApp Web's type and attributes; media are stored on the way. */
export async function encodeContent(
  content: Content,
  vault: MediaVault,
): Promise<{ type: string; fields: Record<string, unknown> }> {
  switch (content.kind) {
    case 'text':
      return { type: 'chat', fields: { body: content.text } };
    case 'location': {
      const { latitude, longitude, name, address, url } = content;
      const loc = [name, address].filter(Boolean).join('\n');
      return {
        type: 'location',
        fields: {
          lat: latitude,
          lng: longitude,
          body: '',
          ...(loc ? { loc } : {}),
          ...(url ? { clientUrl: url } : {}),
        },
      };
    }
    case 'contacts': {
      const [first = ''] = content.vcards;
      if (content.vcards.length === 1) return { type: 'vcard', fields: { body: first } };
      return {
        type: 'multi_vcard',
        fields: { vcardList: content.vcards.map((vcard) => ({ vcard })) },
      };
    }
    case 'poll':
      return {
        type: 'poll_creation',
        fields: {
          pollName: content.question,
          pollOptions: content.options.map((name, localId) => ({ name, localId })),
          pollSelectableOptionsCount: content.multiple ? 0 : 1,
          messageSecret: Array.from({ length: 32 }, () => 0),
        },
      };
    case 'ciphertext':
      return {
        type: 'ciphertext',
        fields: content.unavailable ? { subtype: 'view_once_unavailable_fanout' } : {},
      };
    case 'raw':
      return { type: content.type, fields: { ...content.fields } };
    default:
      return encodeMedia(content, vault);
  }
}

async function encodeMedia(
  content: MediaContent,
  vault: MediaVault,
): Promise<{ type: string; fields: Record<string, unknown> }> {
  const { data, mimetype, filename } = content.media;
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : data;
  const stored = await vault.put(bytes, mimetype);
  return {
    type: mediaTypes[content.kind],
    fields: {
      directPath: stored.path,
      clientUrl: `https://mmg.whatsapp.net${stored.path}`,
      mimetype,
      size: bytes.byteLength,
      filehash: stored.hash,
      encFilehash: stored.hash,
      mediaKey: Buffer.alloc(32).toString('base64'),
      ...(filename === undefined ? {} : { filename }),
      ...(content.caption === undefined ? {} : { caption: content.caption }),
      ...(content.gif ? { isGif: true } : {}),
    },
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What a message says in words: text, caption or a poll's question. */
export function wordsOf(message: WireMessage): string | undefined {
  const { body, caption, pollName, directPath } = message.fields;
  return text(caption) ?? text(pollName) ?? (directPath ? undefined : text(body));
}

function byAddress<T>(byJid: Record<string, T> | undefined): Record<Address, T> {
  return Object.fromEntries(
    Object.entries(byJid ?? {}).map(([jid, value]) => [toAddress(jid), value]),
  );
}

/** A message as a test or the phone page reads it. */
export function readMessage(message: WireMessage, owner: Address): ReadMessage {
  const { directPath, mimetype, filename, quotedStanzaID, mentionedJidList } = message.fields;
  const words = wordsOf(message);
  const mentions = (mentionedJidList as string[] | undefined) ?? [];
  return {
    id: message.id,
    chat: toAddress(message.chat),
    fromMe: message.from_me,
    from: message.from_me ? owner : toAddress(message.author ?? message.chat),
    type: message.type,
    time: message.t,
    ack: message.ack,
    ...(words === undefined ? {} : { text: words }),
    ...(typeof directPath === 'string' ? { mediaPath: directPath } : {}),
    ...(typeof mimetype === 'string' ? { mimetype } : {}),
    ...(typeof filename === 'string' ? { filename } : {}),
    ...(typeof quotedStanzaID === 'string' ? { quoted: quotedStanzaID } : {}),
    ...(mentions.length > 0 ? { mentions: mentions.map(toAddress) } : {}),
    reactions: byAddress(message.reactions),
    votes: byAddress(message.votes),
    fields: message.fields,
  };
}
