import { type TSchema, Type } from '@sinclair/typebox';
import { anyText, maybe, oneOf, strict, text } from './vocabulary';

const anyCase = (...words: readonly string[]): TSchema =>
  oneOf(...words, ...words.map((word) => word.toLowerCase()));
const example = maybe(Type.Record(Type.String(), Type.Unknown()));

const button = Type.Object({
  type: anyCase(
    'QUICK_REPLY',
    'URL',
    'PHONE_NUMBER',
    'COPY_CODE',
    'OTP',
    'FLOW',
    'CATALOG',
    'MPM',
    'SPM',
    'VOICE_CALL',
    'ORDER_DETAILS',
    'APP',
  ),
  text: maybe(text(25)),
  url: maybe(text(2_000)),
  phone_number: maybe(text(20)),
});

const component = Type.Object({
  type: anyCase(
    'HEADER',
    'BODY',
    'FOOTER',
    'BUTTONS',
    'CAROUSEL',
    'LIMITED_TIME_OFFER',
    'CALL_PERMISSION_REQUEST',
  ),
  format: maybe(anyCase('TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'PRODUCT', 'GIF')),
  text: maybe(anyText),
  example,
  buttons: maybe(Type.Array(button, { minItems: 1, maxItems: 10 })),
});

const category = anyCase('MARKETING', 'UTILITY', 'AUTHENTICATION');
const components = Type.Array(component, { minItems: 1 });

/** A new template. */
export const newTemplateSchema: TSchema = strict({
  name: Type.String({ pattern: '^[a-z0-9_]{1,512}$' }),
  language: Type.String({ pattern: '^[a-z]{2,3}(_[A-Za-z]{2,4})?$' }),
  category,
  components,
  parameter_format: maybe(anyCase('POSITIONAL', 'NAMED')),
  allow_category_change: maybe(Type.Boolean()),
  cta_url_link_tracking_opted_out: maybe(Type.Boolean()),
  message_send_ttl_seconds: maybe(Type.Integer({ minimum: 30 })),
});

/** A change of a template. */
export const templateChangeSchema: TSchema = strict({
  name: maybe(anyText),
  language: maybe(anyText),
  category: maybe(category),
  components: maybe(components),
  parameter_format: maybe(anyCase('POSITIONAL', 'NAMED')),
  message_send_ttl_seconds: maybe(Type.Integer({ minimum: 30 })),
});
