import type { Address } from '../address';

/** The bytes of a medium. */
export interface MediaSource {
  /** The bytes, or their base64. */
  readonly data: Uint8Array | string;
  /** For example `image/png`. */
  readonly mimetype: string;
  /** The file's name, for documents. */
  readonly filename?: string;
}

/** The media kinds. */
export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

/** A text. */
export interface TextContent {
  /** Says which kind it is. */
  readonly kind: 'text';
  /** What it says. */
  readonly text: string;
}

/** A picture, film, sound, file or sticker. */
export interface MediaContent {
  /** Says which kind it is; a `voice` is a recorded message. */
  readonly kind: MediaKind;
  /** Its bytes. */
  readonly media: MediaSource;
  /** The text beside it. */
  readonly caption?: string;
  /** Whether a video plays as a GIF. Default false. */
  readonly gif?: boolean;
}

/** A place. */
export interface LocationContent {
  /** Says which kind it is. */
  readonly kind: 'location';
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** What is there. */
  readonly name?: string;
  /** Where that is. */
  readonly address?: string;
  /** A link to it. */
  readonly url?: string;
}

/** Contact cards. */
export interface ContactsContent {
  /** Says which kind it is. */
  readonly kind: 'contacts';
  /** One or more vCards. */
  readonly vcards: readonly string[];
}

/** A poll. */
export interface PollContent {
  /** Says which kind it is. */
  readonly kind: 'poll';
  /** What is asked. */
  readonly question: string;
  /** What can be chosen; votes name these by number, from 0. */
  readonly options: readonly string[];
  /** Whether several can be chosen. Default false. */
  readonly multiple?: boolean;
}

/** A message that the page cannot decrypt yet; `decrypt` delivers the real one. */
export interface CiphertextContent {
  /** Says which kind it is. */
  readonly kind: 'ciphertext';
  /** Whether it was not sent to linked devices at all, as what may be seen once. Default false. */
  readonly unavailable?: boolean;
}

/** Any other message of WhatsApp Web. */
export interface RawContent {
  /** Says which kind it is. */
  readonly kind: 'raw';
  /** WhatsApp Web's own type, for example `order`. */
  readonly type: string;
  /** Attributes under WhatsApp Web's own names. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a message says. */
export type Content =
  | TextContent
  | MediaContent
  | LocationContent
  | ContactsContent
  | PollContent
  | CiphertextContent
  | RawContent;

/** A message as a test or the phone page reads it. */
export interface ReadMessage {
  /** The bare id. */
  readonly id: string;
  /** The chat, from the account's side. */
  readonly chat: Address;
  /** Whether the account wrote it. */
  readonly fromMe: boolean;
  /** Who wrote it. */
  readonly from: Address;
  /** WhatsApp Web's type: `chat`, `image`, `ptt`, `revoked` … */
  readonly type: string;
  /** The text, caption or question, when there is one. */
  readonly text?: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** -1 refused, 0 pending, 1 at the server, 2 at the device, 3 read, 4 played. */
  readonly ack: number;
  /** Where its bytes lie; see `media()`. */
  readonly mediaPath?: string;
  /** The kind of bytes. */
  readonly mimetype?: string;
  /** The file's name. */
  readonly filename?: string;
  /** The bare id of the message that it answers. */
  readonly quoted?: string;
  /** Who is mentioned. */
  readonly mentions?: readonly Address[];
  /** Emoji by address. */
  readonly reactions: Readonly<Record<Address, string>>;
  /** Chosen option numbers by address, for polls. */
  readonly votes: Readonly<Record<Address, readonly number[]>>;
  /** Everything else, under WhatsApp Web's own names. */
  readonly fields: Readonly<Record<string, unknown>>;
}
