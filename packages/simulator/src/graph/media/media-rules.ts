const MiB = 1024 * 1024;

/** What WhatsApp takes of one kind of media. */
interface MediaRule {
  /** The most bytes. */
  readonly maxBytes: number;
  /** The types; a document may be anything. */
  readonly types: readonly string[] | 'any';
}

/** The rule of each kind of media, by the message type that carries it. */
const mediaRules: Readonly<
  Record<'image' | 'video' | 'audio' | 'document' | 'sticker', MediaRule>
> = {
  image: { maxBytes: 5 * MiB, types: ['image/jpeg', 'image/png'] },
  video: { maxBytes: 16 * MiB, types: ['video/mp4', 'video/3gpp', 'video/3gp'] },
  audio: {
    maxBytes: 16 * MiB,
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
  },
  document: { maxBytes: 100 * MiB, types: 'any' },
  sticker: { maxBytes: 500 * 1024, types: ['image/webp'] },
};

/** The types that can be uploaded although no picture, film or sound: what documents are made of. */
const documentTypes = new Set([
  'text/plain',
  'text/csv',
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
]);

/** A type without its parameters: `audio/ogg; codecs=opus` is `audio/ogg`. */
export const bareType = (mimeType: string): string =>
  (mimeType.split(';')[0] ?? '').trim().toLowerCase();

/** Whether a type can be uploaded. */
export function isUploadable(mimeType: string): boolean {
  const type = bareType(mimeType);
  if (documentTypes.has(type)) return true;
  return Object.values(mediaRules).some(({ types }) => types !== 'any' && types.includes(type));
}

/** The most bytes of a type: the limit of the kind that it belongs to. */
export function maxBytesOf(mimeType: string): number {
  const type = bareType(mimeType);
  const rule = Object.values(mediaRules).find(
    ({ types }) => types !== 'any' && types.includes(type),
  );
  return (rule ?? mediaRules.document).maxBytes;
}

/** Why a kind of message cannot carry a medium; undefined when it can. */
export function misfit(kind: string, mimeType: string, size: number): string | undefined {
  const rule = (mediaRules as Readonly<Record<string, MediaRule>>)[kind];
  if (!rule) return undefined;
  if (rule.types !== 'any' && !rule.types.includes(bareType(mimeType))) {
    return `${mimeType} cannot be sent as ${kind}; supported are ${rule.types.join(', ')}.`;
  }
  if (size <= rule.maxBytes) return undefined;
  return `The file has ${size} bytes; ${kind} takes at most ${rule.maxBytes}.`;
}
