import type { InboundMessage, QuarantinedEntry } from '@blazz/core';
import { type Static, type TObject, type TOptional, type TString, Type } from '@sinclair/typebox';
import { id, workspaceId } from './ids';

const types = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'poll',
  'interactive',
  'button',
  'order',
  'system',
  'unsupported',
] as const satisfies readonly InboundMessage['type'][];

const short = Type.String({ minLength: 1, maxLength: 256 });
const content = Type.Optional(Type.Record(Type.String(), Type.Unknown()));

/** A message that came in elsewhere. */
const inboundMessage = Type.Object(
  {
    provider_message_id: Type.String({
      minLength: 1,
      maxLength: 256,
      description: "WhatsApp's id of the message: the same one twice is recorded once.",
    }),
    from: Type.Object(
      {
        phone: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{6,14}$' })),
        lid: Type.Optional(short),
        bsuid: Type.Optional(short),
        username: Type.Optional(short),
        name: Type.Optional(short),
      },
      { additionalProperties: false },
    ),
    chat_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "The chat. Default: the sender's number.",
      }),
    ),
    is_group: Type.Optional(Type.Boolean({ description: 'Default: false.' })),
    timestamp: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now.' })),
    type: Type.Union(types.map((type) => Type.Literal(type))),
    text: Type.Optional(
      Type.Object({ body: Type.String({ maxLength: 65_536 }) }, { additionalProperties: false }),
    ),
    media: Type.Optional(
      Type.Object({ id: short, mime_type: Type.Optional(short) }, { additionalProperties: true }),
    ),
    location: content,
    contacts: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 257 })),
    poll: content,
    interactive: content,
    reply_to: Type.Optional(
      Type.Object({ provider_message_id: short }, { additionalProperties: false }),
    ),
    forwarded: Type.Optional(Type.Boolean()),
    raw: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

/** A forwarded message. */
export const incomingBody: TObject<{
  workspace_id: typeof workspaceId;
  session_id: TOptional<TString>;
  message: TObject;
}> = Type.Object(
  { workspace_id: workspaceId, session_id: Type.Optional(id), message: inboundMessage },
  { additionalProperties: false },
);

/**
 * Fills in what a forwarded message left out. Its content is passed on as the primary application
 * wrote it.
 * @param message what {@link incomingBody} let through
 * @param now milliseconds since 1970
 */
export function toInboundMessage(message: unknown, now: number): InboundMessage {
  const given = message as Partial<InboundMessage> & Pick<InboundMessage, 'from'>;
  const { phone, lid, bsuid } = given.from;
  return {
    ...given,
    chat_id: given.chat_id ?? phone ?? lid ?? bsuid ?? '',
    is_group: given.is_group ?? false,
    timestamp: given.timestamp ?? new Date(now).toISOString(),
  } as InboundMessage;
}

/** Something that was set aside. */
export const quarantinedSchema: TObject = Type.Object({
  entry_id: Type.String(),
  workspace_id: Type.Optional(Type.String({ description: 'Missing when it is unclaimed.' })),
  session_id: Type.Optional(Type.String({ description: 'Missing when it is unclaimed.' })),
  account: Type.Optional(
    Type.String({
      description:
        'What the platform calls the account that it is about, such as a phone number id; where it is unclaimed and names one.',
    }),
  ),
  source: Type.String({ description: 'The type of a provider, or `forwarded`.' }),
  body: Type.String({ description: 'What came, as JSON text.' }),
  received_at: Type.String({ format: 'date-time' }),
  quarantined_at: Type.String({ format: 'date-time' }),
  error: Type.Record(Type.String(), Type.Unknown()),
});

/** Something that was set aside, as it is answered. */
export function encodeQuarantined(entry: QuarantinedEntry): Static<typeof quarantinedSchema> {
  const { workspace_id, session_id, received_at, quarantined_at, proof: _, ...rest } = entry;
  return {
    ...rest,
    ...(workspace_id === '' ? {} : { workspace_id }),
    ...(session_id === '' ? {} : { session_id }),
    received_at: new Date(received_at).toISOString(),
    quarantined_at: new Date(quarantined_at).toISOString(),
  };
}
