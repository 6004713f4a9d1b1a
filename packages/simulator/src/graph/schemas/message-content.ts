import { type TSchema, Type } from '@sinclair/typebox';
import { templateSchema } from './template-message';
import { anyText, maybe, medium, strict, text } from './vocabulary';

const coordinate = Type.Union([Type.Number(), Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' })]);
const kind = maybe(anyText);

const contact = strict({
  name: strict({
    formatted_name: anyText,
    first_name: maybe(Type.String()),
    last_name: maybe(Type.String()),
    middle_name: maybe(Type.String()),
    suffix: maybe(Type.String()),
    prefix: maybe(Type.String()),
  }),
  addresses: maybe(
    Type.Array(
      strict({
        street: maybe(Type.String()),
        city: maybe(Type.String()),
        state: maybe(Type.String()),
        zip: maybe(Type.String()),
        country: maybe(Type.String()),
        country_code: maybe(Type.String()),
        type: kind,
      }),
    ),
  ),
  birthday: maybe(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  emails: maybe(Type.Array(strict({ email: maybe(anyText), type: kind }))),
  org: maybe(
    strict({
      company: maybe(Type.String()),
      department: maybe(Type.String()),
      title: maybe(Type.String()),
    }),
  ),
  phones: maybe(Type.Array(strict({ phone: maybe(anyText), wa_id: maybe(anyText), type: kind }))),
  urls: maybe(Type.Array(strict({ url: maybe(anyText), type: kind }))),
});

const caption = maybe(text(1024));

/** What the member named after a message's `type` must be. `interactive` is held to its own table. */
export const contentSchemas: Readonly<Record<string, TSchema>> = {
  text: strict({ body: text(4096), preview_url: maybe(Type.Boolean()) }),
  image: medium({ caption }),
  video: medium({ caption }),
  audio: medium({ voice: maybe(Type.Boolean()) }),
  document: medium({ caption, filename: maybe(anyText) }),
  sticker: medium(),
  location: strict({
    latitude: coordinate,
    longitude: coordinate,
    name: maybe(text(1000)),
    address: maybe(text(1000)),
  }),
  contacts: Type.Array(contact, { minItems: 1, maxItems: 257 }),
  reaction: strict({ message_id: anyText, emoji: Type.String({ maxLength: 64 }) }),
  template: templateSchema,
  interactive: Type.Object({ type: anyText }),
};

/** What every message has besides its content. */
export const envelopeMembers: Readonly<Record<string, TSchema>> = {
  messaging_product: Type.Literal('whatsapp'),
  recipient_type: maybe(Type.Union([Type.Literal('individual'), Type.Literal('group')])),
  to: maybe(anyText),
  recipient: maybe(Type.String({ pattern: '^[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}$' })),
  type: maybe(anyText),
  context: maybe(strict({ message_id: anyText })),
  biz_opaque_callback_data: maybe(text(512)),
  message_activity_sharing: maybe(Type.Boolean()),
};

/** A request that marks a message as read, and may show that somebody types. */
export const readSchema: TSchema = strict({
  messaging_product: Type.Literal('whatsapp'),
  status: Type.Literal('read'),
  message_id: anyText,
  typing_indicator: maybe(strict({ type: Type.Literal('text') })),
});
