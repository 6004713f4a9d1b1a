import { GatewayError, type MediaType } from '@blazz/core';

/** What WhatsApp takes as one type of media. */
export interface MediaRule {
  /** The media types that it takes; undefined: any. */
  readonly types: readonly string[] | undefined;
  /** The largest, in bytes. */
  readonly maxBytes: number;
}

const KB = 1024;
const MB = 1024 * KB;

/** Sizes and types, by the type of message. */
const mediaRules: Readonly<Record<MediaType, MediaRule>> = {
  image: { types: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
  video: { types: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB },
  audio: {
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
    maxBytes: 16 * MB,
  },
  document: { types: undefined, maxBytes: 100 * MB },
  sticker: { types: ['image/webp'], maxBytes: 500 * KB },
};

/** The largest sticker that does not move, in bytes. */
const maxStillStickerBytes = 100 * KB;

/** The media type without its parameters, in small letters. */
export function bareType(mimeType: string): string {
  return mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** What an uploaded file of a media type may be: Meta does not ask what it will be sent as. */
export function ruleForUpload(mimeType: string): MediaRule {
  const type = bareType(mimeType);
  const own = Object.values(mediaRules).find((rule) => rule.types?.includes(type));
  return own ?? mediaRules.document;
}

/**
 * Refuses media that WhatsApp would refuse.
 * @param kind what it will be sent as
 * @throws GatewayError `media_unavailable`, naming the limit
 */
export function assertFits(kind: MediaType, mimeType: string, data: Uint8Array): void {
  const { types } = mediaRules[kind];
  const type = bareType(mimeType);
  if (types !== undefined && !types.includes(type)) {
    throw unfit(
      `A message of type ${kind} takes ${types.join(', ')}, not ${type || 'an unnamed type'}`,
    );
  }
  const isStill = kind === 'sticker' && !isAnimated(data);
  const maxBytes = isStill ? maxStillStickerBytes : mediaRules[kind].maxBytes;
  if (data.byteLength > maxBytes) throw tooLarge(maxBytes);
}

/** The error of media that is too large. */
export function tooLarge(maxBytes: number): GatewayError {
  return unfit(`The media is larger than the ${maxBytes} bytes that WhatsApp takes`);
}

/** A WebP file in its extended form says by a flag whether it moves. */
function isAnimated(data: Uint8Array): boolean {
  const head = Buffer.from(data.buffer, data.byteOffset, Math.min(data.byteLength, 21));
  return head.toString('latin1', 12, 16) === 'VP8X' && ((head[20] ?? 0) & 2) === 2;
}

function unfit(what: string): GatewayError {
  return new GatewayError('media_unavailable', `${what}; send another file.`);
}
