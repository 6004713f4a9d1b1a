import type { ContactCard } from './contact-card';
import type { LocationContent, PollContent } from './content';
import type { Identity } from './identity';

/** Media that came in. Fetch it with the `mediaDownload` ability, by `id`. */
export interface InboundMedia {
  /** What the provider finds the media by. */
  readonly id: string;
  /** The media type. */
  readonly mime_type?: string;
  /** The caption under it. */
  readonly caption?: string;
  /** The file name, for documents. */
  readonly filename?: string;
  /** Bytes. */
  readonly size?: number;
  /** SHA-256 of the content, base64. */
  readonly sha256?: string;
  /** Whether a sound is a voice message. */
  readonly voice?: boolean;
}

/** A message that arrived, or that this account sent from elsewhere (an echo). */
export interface InboundMessage {
  /** WhatsApp's own id of the message. The dedupe key. */
  readonly provider_message_id: string;
  /** Who wrote it. */
  readonly from: Identity;
  /** The chat it stands in: what to answer to. Valid as `to` of a send. */
  readonly chat_id: string;
  /** Whether the chat is a group. */
  readonly is_group: boolean;
  /** When it was written, ISO 8601. */
  readonly timestamp: string;
  /** What it is; `unsupported` when the provider cannot read it. */
  readonly type:
    | 'text'
    | 'image'
    | 'video'
    | 'audio'
    | 'document'
    | 'sticker'
    | 'location'
    | 'contacts'
    | 'poll'
    | 'interactive'
    | 'button'
    | 'order'
    | 'system'
    | 'unsupported';
  /** The text, when `type` is text. */
  readonly text?: {
    /** The text itself. */
    readonly body: string;
  };
  /** The media, when `type` is image, video, audio, document or sticker. */
  readonly media?: InboundMedia;
  /** The place, when `type` is location. */
  readonly location?: LocationContent;
  /** The cards, when `type` is contacts. */
  readonly contacts?: readonly ContactCard[];
  /** The poll, when `type` is poll. */
  readonly poll?: PollContent;
  /** What was pressed, when `type` is interactive or button. Cloud API shape. */
  readonly interactive?: Readonly<Record<string, unknown>>;
  /** What was ordered, when `type` is order. Cloud API shape. */
  readonly order?: Readonly<Record<string, unknown>>;
  /** What WhatsApp says, when `type` is system. Cloud API shape. */
  readonly system?: Readonly<Record<string, unknown>>;
  /** The advertisement or post that led here. Cloud API shape. */
  readonly referral?: Readonly<Record<string, unknown>>;
  /** The product of the catalogue that the message asks about. Cloud API shape. */
  readonly referred_product?: Readonly<Record<string, unknown>>;
  /** The message that this one answers. */
  readonly reply_to?: {
    /** WhatsApp's id of that message. */
    readonly provider_message_id: string;
  };
  /** Whether it was forwarded. */
  readonly forwarded?: boolean;
  /** Whether it is from the time before the account was linked, told while the platform hands over its history. */
  readonly history?: boolean;
  /** Whether it came in while the session was away and was found by catching up. */
  readonly caught_up?: boolean;
  /** The provider's own payload; only when the provider was told to include it. */
  readonly raw?: unknown;
}
