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

/** What a message says. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: MediaKind;
      readonly media: MediaSource;
      readonly caption?: string;
      readonly gif?: boolean;
    }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
      readonly url?: string;
    }
  | { readonly kind: 'contacts'; readonly vcards: readonly string[] }
  | {
      readonly kind: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      readonly multiple?: boolean;
    }
  /** A message that the page cannot decrypt yet; `decrypt` delivers the real one. */
  | { readonly kind: 'ciphertext' }
  /** Any other type of WhatsApp Web, with its raw attributes. */
  | {
      readonly kind: 'raw';
      readonly type: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

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
