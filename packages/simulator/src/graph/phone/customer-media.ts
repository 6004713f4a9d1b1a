import type { GraphContext } from '../graph-context';
import type { JsonObject } from '../messages/parse-message';
import type { BusinessNumber } from '../world/business-number';

/** A medium as a customer sends it. */
export interface CustomerMedia {
  /** What it is sent as. */
  readonly kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Its type, such as `image/jpeg`. */
  readonly mimeType: string;
  /** The text under it. */
  readonly caption?: string;
  /** A document's name. */
  readonly filename?: string;
  /** Whether a sound was recorded in the chat. */
  readonly voice?: boolean;
  /** Whether a sticker moves. */
  readonly animated?: boolean;
}

/** Keeps a customer's medium and makes the message's content. */
export function mediaContent(
  context: GraphContext,
  number: BusinessNumber,
  media: CustomerMedia,
): JsonObject {
  const { kind, bytes, mimeType, caption, filename, voice, animated } = media;
  const kept = context.shelf.put(number.id, Buffer.from(bytes), mimeType, 'customer');
  return {
    type: kind,
    [kind]: {
      ...(caption === undefined ? {} : { caption }),
      ...(filename === undefined ? {} : { filename }),
      mime_type: mimeType,
      sha256: kept.sha256.toString('base64'),
      id: kept.id,
      url: context.shelf.address(kept),
      ...(kind === 'audio' ? { voice: voice ?? false } : {}),
      ...(kind === 'sticker' ? { animated: animated ?? false } : {}),
    },
  };
}
