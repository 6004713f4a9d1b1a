import type { Pace, ProviderCapabilities } from '@blazz/core';

/** What whatsapp-web.js can do: everything but templates and interactive messages. */
export function capabilitiesOf(pace: Pace): ProviderCapabilities {
  return {
    messageTypes: [
      'text',
      'image',
      'video',
      'audio',
      'document',
      'sticker',
      'location',
      'contacts',
      'reaction',
      'poll',
    ],
    abilities: ['pairing', 'logout', 'typing', 'markRead', 'mediaDownload', 'reconciliation'],
    pace,
  };
}
