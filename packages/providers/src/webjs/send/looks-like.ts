import type { InboundMessage, OutgoingMessage } from '@blazz/core';

/**
 * Whether a message that stands in a chat could be the one that was sent: the same kind, the same
 * words, the same chat.
 * @param isItsChat whether a chat is the one that it was sent to
 */
export function looksLike(
  sent: OutgoingMessage,
  isItsChat: (chatId: string) => boolean,
): (found: InboundMessage) => boolean {
  const words = wordsOfSent(sent);
  return (found) =>
    found.type === sent.content.type && isItsChat(found.chat_id) && wordsOfFound(found) === words;
}

function wordsOfSent({ content }: OutgoingMessage): string {
  switch (content.type) {
    case 'text':
      return content.text.body;
    case 'poll':
      return content.poll.name.trim();
    case 'location':
      return `${content.location.latitude},${content.location.longitude}`;
    case 'contacts':
      return content.contacts.map((card) => card.name.formatted_name).join('\n');
    case 'image':
      return content.image.caption ?? '';
    case 'video':
      return content.video.caption ?? '';
    case 'document':
      return content.document.caption ?? '';
    default:
      return '';
  }
}

function wordsOfFound(found: InboundMessage): string {
  switch (found.type) {
    case 'text':
      return found.text?.body ?? '';
    case 'poll':
      return found.poll?.name ?? '';
    case 'location':
      return `${found.location?.latitude},${found.location?.longitude}`;
    case 'contacts':
      return (found.contacts ?? []).map((card) => card.name.formatted_name).join('\n');
    default:
      return found.media?.caption ?? '';
  }
}
