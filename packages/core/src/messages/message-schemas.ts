import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { ContactCard } from './contact-card';
import type {
  ContentByType,
  LocationContent,
  MediaContent,
  MessageType,
  PollContent,
  ReactionContent,
  TextContent,
} from './content';
import type { InteractiveContent, TemplateContent } from './template-content';

/** Keeps a schema and its documented type together: the compiler refuses a schema that says more. */
const describes =
  <T>() =>
  <S extends TSchema>(schema: Static<S> extends T ? S : never): TSchema =>
    schema;

const closed = { additionalProperties: false } as const;
const text = (max: number, min = 1) => Type.String({ minLength: min, maxLength: max });
const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

const media = describes<MediaContent>()(
  Type.Object(
    {
      link: optional(Type.String({ minLength: 8, pattern: '^(https?://|data:)' })),
      id: optional(text(512)),
      caption: optional(text(1024, 0)),
      filename: optional(text(240)),
      mime_type: optional(
        Type.String({ pattern: '^[a-zA-Z0-9.+-]+/[a-zA-Z0-9.+*-]+(;.*)?$', maxLength: 128 }),
      ),
      voice: optional(Type.Boolean()),
    },
    closed,
  ),
);

const contactCard = describes<ContactCard>()(
  Type.Object(
    {
      name: Type.Object(
        {
          formatted_name: text(512),
          first_name: optional(text(256)),
          last_name: optional(text(256)),
          middle_name: optional(text(256)),
          prefix: optional(text(64)),
          suffix: optional(text(64)),
        },
        closed,
      ),
      phones: optional(
        Type.Array(
          Type.Object(
            { phone: optional(text(64)), type: optional(text(32)), wa_id: optional(text(32)) },
            closed,
          ),
          { maxItems: 20 },
        ),
      ),
      emails: optional(
        Type.Array(Type.Object({ email: optional(text(320)), type: optional(text(32)) }, closed), {
          maxItems: 20,
        }),
      ),
      urls: optional(
        Type.Array(Type.Object({ url: optional(text(2048)), type: optional(text(32)) }, closed), {
          maxItems: 20,
        }),
      ),
      addresses: optional(
        Type.Array(
          Type.Object(
            {
              street: optional(text(512)),
              city: optional(text(256)),
              state: optional(text(256)),
              zip: optional(text(32)),
              country: optional(text(128)),
              country_code: optional(text(8)),
              type: optional(text(32)),
            },
            closed,
          ),
          { maxItems: 20 },
        ),
      ),
      org: optional(
        Type.Object(
          {
            company: optional(text(256)),
            department: optional(text(256)),
            title: optional(text(256)),
          },
          closed,
        ),
      ),
      birthday: optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    },
    closed,
  ),
);

/** The shape of each type's content, as JSON Schema: the one source for checks and for OpenAPI. */
export const contentSchemas: Readonly<Record<MessageType, TSchema>> = {
  text: describes<TextContent>()(
    Type.Object({ body: text(4096), preview_url: optional(Type.Boolean()) }, closed),
  ),
  image: media,
  video: media,
  audio: media,
  document: media,
  sticker: media,
  location: describes<LocationContent>()(
    Type.Object(
      {
        latitude: Type.Number({ minimum: -90, maximum: 90 }),
        longitude: Type.Number({ minimum: -180, maximum: 180 }),
        name: optional(text(1000)),
        address: optional(text(1000)),
      },
      closed,
    ),
  ),
  contacts: Type.Array(contactCard, { minItems: 1, maxItems: 257 }),
  reaction: describes<ReactionContent>()(
    Type.Object({ message_id: text(256), emoji: text(32, 0) }, closed),
  ),
  interactive: describes<InteractiveContent>()(
    Type.Object(
      {
        type: text(64),
        header: optional(Type.Record(Type.String(), Type.Unknown())),
        body: optional(Type.Object({ text: text(4096) }, closed)),
        footer: optional(Type.Object({ text: text(60) }, closed)),
        action: Type.Record(Type.String(), Type.Unknown()),
      },
      closed,
    ),
  ),
  template: describes<TemplateContent>()(
    Type.Object(
      {
        name: Type.String({ pattern: '^[a-z0-9_]{1,512}$' }),
        language: Type.Object({ code: text(32), policy: optional(text(32)) }, closed),
        components: optional(
          Type.Array(
            Type.Object(
              {
                type: text(32),
                sub_type: optional(text(32)),
                index: optional(Type.Union([text(8), Type.Integer({ minimum: 0 })])),
                parameters: optional(
                  Type.Array(
                    Type.Object({
                      type: text(64),
                      text: optional(text(4096, 0)),
                      parameter_name: optional(text(256)),
                    }),
                  ),
                ),
              },
              closed,
            ),
          ),
        ),
      },
      closed,
    ),
  ),
  poll: describes<PollContent>()(
    Type.Object(
      {
        name: text(255),
        options: Type.Array(text(100), { minItems: 2, maxItems: 12, uniqueItems: true }),
        selectable_count: optional(Type.Integer({ minimum: 0, maximum: 12 })),
      },
      closed,
    ),
  ),
} satisfies { [T in keyof ContentByType]: TSchema };

/** The types of message, in the order of the documentation. */
export const messageTypes: readonly MessageType[] = Object.keys(contentSchemas) as MessageType[];
