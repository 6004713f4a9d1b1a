import type { MediaContent, MessageContent, MessageType, OutgoingMessage } from '@blazz/core';
import { encodeRecipient } from './recipient';
import { encodeTemplate } from './template';
import { encodeTracker } from './tracker';

/** The types of message that the Cloud API takes. */
export const metaMessageTypes: readonly MessageType[] = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'interactive',
  'template',
];

/** The body of a send. */
export type MessageBody = Readonly<Record<string, unknown>>;

/**
 * Makes the body of `POST /{phone}/messages`.
 * @param message what to send; its media has an id or an address that Meta can fetch by now
 * @param attempt which attempt this is, from 1
 * @throws GatewayError `invalid_recipient`
 */
export function encodeMessage(message: OutgoingMessage, attempt: number): MessageBody {
  const { message_id, recipient, content, reply_to } = message;
  return {
    messaging_product: 'whatsapp',
    ...encodeRecipient(recipient),
    ...(reply_to === undefined ? {} : { context: { message_id: reply_to } }),
    type: content.type,
    ...encodeContent(content),
    biz_opaque_callback_data: encodeTracker({ message_id, attempt }),
  };
}

/** The content, under its type's name. */
function encodeContent(content: MessageContent): MessageBody {
  switch (content.type) {
    case 'image':
      return { image: encodeMedia(content.image, ['caption']) };
    case 'video':
      return { video: encodeMedia(content.video, ['caption']) };
    case 'audio':
      return { audio: encodeMedia(content.audio, ['voice']) };
    case 'document':
      return { document: encodeMedia(content.document, ['caption', 'filename']) };
    case 'sticker':
      return { sticker: encodeMedia(content.sticker, []) };
    case 'template':
      return { template: encodeTemplate(content.template) };
    case 'text':
      return { text: content.text };
    case 'location':
      return { location: content.location };
    case 'contacts':
      return { contacts: content.contacts };
    case 'reaction':
      return { reaction: content.reaction };
    case 'interactive':
      return { interactive: content.interactive };
    case 'poll':
      return { poll: content.poll };
  }
}

/** What says where media is, and the fields beside it that its type may have. */
function encodeMedia(
  media: MediaContent,
  fields: readonly ('caption' | 'filename' | 'voice')[],
): MessageBody {
  const body: Record<string, unknown> =
    media.id === undefined ? { link: media.link } : { id: media.id };
  for (const field of fields) {
    if (media[field] !== undefined) body[field] = media[field];
  }
  return body;
}
