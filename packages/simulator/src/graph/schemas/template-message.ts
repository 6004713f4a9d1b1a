import { type TSchema, Type } from '@sinclair/typebox';
import { anyText, maybe, medium, oneOf, strict } from './vocabulary';

const index = Type.Union([
  Type.String({ pattern: '^[0-9]{1,2}$' }),
  Type.Integer({ minimum: 0, maximum: 99 }),
]);
const name = maybe(anyText);
const currency = strict({
  fallback_value: anyText,
  code: Type.String({ minLength: 3, maxLength: 3 }),
  amount_1000: Type.Integer(),
});
const dateTime = Type.Object({ fallback_value: anyText });
const location = Type.Object({
  latitude: Type.Union([Type.Number(), anyText]),
  longitude: Type.Union([Type.Number(), anyText]),
});

const textParameter = strict({ type: Type.Literal('text'), text: anyText, parameter_name: name });
const inHeader = Type.Union([
  textParameter,
  strict({ type: Type.Literal('image'), image: medium() }),
  strict({ type: Type.Literal('video'), video: medium() }),
  strict({ type: Type.Literal('document'), document: medium({ filename: maybe(anyText) }) }),
  strict({ type: Type.Literal('location'), location }),
  strict({ type: Type.Literal('product'), product: Type.Object({}) }),
  strict({ type: Type.Literal('currency'), currency, parameter_name: name }),
  strict({ type: Type.Literal('date_time'), date_time: dateTime, parameter_name: name }),
]);
const inBody = Type.Union([
  textParameter,
  strict({ type: Type.Literal('currency'), currency, parameter_name: name }),
  strict({ type: Type.Literal('date_time'), date_time: dateTime, parameter_name: name }),
]);
const inButton = Type.Union([
  strict({ type: Type.Literal('payload'), payload: anyText }),
  strict({ type: Type.Literal('text'), text: anyText }),
  strict({ type: Type.Literal('coupon_code'), coupon_code: anyText }),
  strict({ type: Type.Literal('action'), action: Type.Object({}) }),
]);

const card = Type.Object({ card_index: Type.Integer(), components: Type.Array(Type.Object({})) });

/** The components of a template message, by their `type`. */
export const componentSchemas: Readonly<Record<string, TSchema>> = {
  header: strict({ type: Type.Literal('header'), parameters: Type.Array(inHeader) }),
  body: strict({ type: Type.Literal('body'), parameters: Type.Array(inBody) }),
  button: strict({
    type: Type.Literal('button'),
    sub_type: oneOf(
      'quick_reply',
      'url',
      'copy_code',
      'flow',
      'catalog',
      'CATALOG',
      'mpm',
      'order_details',
      'voice_call',
    ),
    index,
    parameters: maybe(Type.Array(inButton, { minItems: 1 })),
  }),
  carousel: strict({ type: Type.Literal('carousel'), cards: Type.Array(card, { minItems: 1 }) }),
  limited_time_offer: strict({
    type: Type.Literal('limited_time_offer'),
    parameters: Type.Array(Type.Object({ type: anyText })),
  }),
};

/** The `template` member of a message; its components are held to {@link componentSchemas}. */
export const templateSchema: TSchema = strict({
  name: anyText,
  language: strict({ code: anyText, policy: maybe(Type.Literal('deterministic')) }),
  components: maybe(Type.Array(Type.Object({ type: anyText }))),
});
