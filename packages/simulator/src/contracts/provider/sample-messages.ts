import type { MessageContent, MessageType } from '@blazz/core';

/** A picture of one grey pixel. */
export const pixel: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** A sticker of one pixel. */
const sticker = Buffer.from(
  'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=',
  'base64',
);

/** One message of each type. A reaction goes to the message that is named. */
export function sampleMessages(reactTo: string): Readonly<Record<MessageType, MessageContent>> {
  const link = (mime: string, data: Buffer): string =>
    `data:${mime};base64,${data.toString('base64')}`;
  const bytes = Buffer.from('a few bytes that no contract looks into');
  return {
    text: { type: 'text', text: { body: 'one of each: text' } },
    image: { type: 'image', image: { link: link('image/png', pixel), caption: 'a pixel' } },
    video: { type: 'video', video: { link: link('video/mp4', bytes) } },
    audio: { type: 'audio', audio: { link: link('audio/ogg', bytes), voice: true } },
    document: {
      type: 'document',
      document: { link: link('application/pdf', bytes), filename: 'contract.pdf' },
    },
    sticker: { type: 'sticker', sticker: { link: link('image/webp', sticker) } },
    location: {
      type: 'location',
      location: { latitude: 52.5163, longitude: 13.3777, name: 'Gate', address: 'Berlin' },
    },
    contacts: {
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Ada Lovelace', first_name: 'Ada' },
          phones: [{ phone: '+442071838750', type: 'WORK' }],
        },
      ],
    },
    reaction: { type: 'reaction', reaction: { message_id: reactTo, emoji: '👍' } },
    interactive: {
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Yes or no?' },
        action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
      },
    },
    template: { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } },
    poll: { type: 'poll', poll: { name: 'Tea or coffee?', options: ['Tea', 'Coffee'] } },
  };
}
