import type { ContactCard } from './contact-card';
import type { InteractiveContent, TemplateContent } from './template-content';

/** The text of a message. */
export interface TextContent {
  /** The text itself, 1 to 4096 characters. */
  readonly body: string;
  /** Whether WhatsApp should show a preview of the first link. Default: false. */
  readonly preview_url?: boolean;
}

/** A picture, film, sound, file or sticker: exactly one of `link` and `id` says where it comes from. */
export interface MediaContent {
  /** An `https:` (or allowed `http:`, `data:`) address that the gateway fetches. At most 2048 characters; a `data:` link may be as long as the route's body limit. */
  readonly link?: string;
  /** The provider's id of media that was uploaded before. */
  readonly id?: string;
  /** A caption, at most 1024 characters. Not for audio or stickers. */
  readonly caption?: string;
  /** The file name that the recipient sees. Documents only. At most 240 characters. */
  readonly filename?: string;
  /** The media type, when the link's server does not say it. */
  readonly mime_type?: string;
  /** Whether the sound is shown as a voice message. Audio only. Default: false. */
  readonly voice?: boolean;
}

/** A place. */
export interface LocationContent {
  /** Degrees north, −90 to 90. */
  readonly latitude: number;
  /** Degrees east, −180 to 180. */
  readonly longitude: number;
  /** The place's name, at most 1000 characters. */
  readonly name?: string;
  /** The place's address, at most 1000 characters. */
  readonly address?: string;
  /** The place's web site. Comes in only. */
  readonly url?: string;
}

/** A reaction to a message. */
export interface ReactionContent {
  /** The message reacted to: the gateway's id (`msg_…`) or the provider's. */
  readonly message_id: string;
  /** One emoji; empty takes the reaction back. */
  readonly emoji: string;
}

/** A question with answers to choose from. WhatsApp Web only. */
export interface PollContent {
  /** The question, 1 to 255 characters. */
  readonly name: string;
  /** 2 to 12 different answers of 1 to 100 characters. */
  readonly options: readonly string[];
  /** How many answers one voter may choose; 0 means any number. Default: 1. */
  readonly selectable_count?: number;
}

/** Media types, which share one content shape. */
export type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** What a message says, by its type: the Cloud API's own message object, whatever the provider. */
export interface ContentByType {
  /** Plain text. */
  readonly text: TextContent;
  /** A picture. */
  readonly image: MediaContent;
  /** A film. */
  readonly video: MediaContent;
  /** A sound or, with `voice`, a voice message. */
  readonly audio: MediaContent;
  /** A file. */
  readonly document: MediaContent;
  /** A sticker. */
  readonly sticker: MediaContent;
  /** A place. */
  readonly location: LocationContent;
  /** Contact cards, 1 to 257. */
  readonly contacts: readonly ContactCard[];
  /** A reaction. */
  readonly reaction: ReactionContent;
  /** Buttons, lists and flows. */
  readonly interactive: InteractiveContent;
  /** An approved template. */
  readonly template: TemplateContent;
  /** A poll. */
  readonly poll: PollContent;
}

/** A type of message that can be sent. */
export type MessageType = keyof ContentByType;

/** The content of one message: `{ type: "text", text: { body: "hello" } }` and its like. */
export type MessageContent = {
  [T in MessageType]: {
    /** What kind of message it is; the content stands in the field of the same name. */
    readonly type: T;
  } & { readonly [K in T]: ContentByType[T] };
}[MessageType];
