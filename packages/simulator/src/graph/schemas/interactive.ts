import { type TSchema, Type } from '@sinclair/typebox';
import { anyText, maybe, medium, oneOf, strict, text } from './vocabulary';

const body = strict({ text: text(1024) });
const footer = strict({ text: text(60) });
const textHeader = strict({
  type: Type.Literal('text'),
  text: text(60),
  sub_text: maybe(text(60)),
});
const header = Type.Union([
  textHeader,
  strict({ type: Type.Literal('image'), image: medium() }),
  strict({ type: Type.Literal('video'), video: medium() }),
  strict({ type: Type.Literal('document'), document: medium({ filename: maybe(anyText) }) }),
]);
const products = Type.Array(strict({ product_retailer_id: anyText }), {
  minItems: 1,
  maxItems: 30,
});
const row = strict({ id: text(200), title: text(24), description: maybe(text(72)) });
const section = strict({
  title: maybe(text(24)),
  rows: Type.Array(row, { minItems: 1, maxItems: 10 }),
});
const productSection = strict({ title: maybe(text(24)), product_items: products });
const reply = strict({
  type: Type.Literal('reply'),
  reply: strict({ id: text(256), title: text(20) }),
});
const money = Type.Object({ value: Type.Integer(), offset: Type.Integer() });

const flowParameters = Type.Object(
  {
    flow_message_version: Type.Literal('3'),
    flow_cta: text(30),
    flow_id: maybe(anyText),
    flow_name: maybe(anyText),
    flow_token: maybe(anyText),
    mode: maybe(oneOf('draft', 'published')),
    flow_action: maybe(oneOf('navigate', 'data_exchange')),
    flow_action_payload: maybe(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);

const interactive = (type: string, action: TSchema, parts: Record<string, TSchema>): TSchema =>
  strict({ type: Type.Literal(type), action, ...parts });

/** What an `interactive` message must be, by its `type`. */
export const interactiveSchemas: Readonly<Record<string, TSchema>> = {
  button: interactive(
    'button',
    strict({ buttons: Type.Array(reply, { minItems: 1, maxItems: 3 }) }),
    { header: maybe(header), body, footer: maybe(footer) },
  ),
  list: interactive(
    'list',
    strict({ button: text(20), sections: Type.Array(section, { minItems: 1, maxItems: 10 }) }),
    { header: maybe(textHeader), body: strict({ text: text(4096) }), footer: maybe(footer) },
  ),
  cta_url: interactive(
    'cta_url',
    strict({
      name: Type.Literal('cta_url'),
      parameters: strict({ display_text: text(20), url: anyText }),
    }),
    { header: maybe(header), body, footer: maybe(footer) },
  ),
  flow: interactive('flow', strict({ name: Type.Literal('flow'), parameters: flowParameters }), {
    header: maybe(header),
    body,
    footer: maybe(footer),
  }),
  location_request_message: interactive(
    'location_request_message',
    strict({ name: Type.Literal('send_location') }),
    { body },
  ),
  product: interactive('product', strict({ catalog_id: anyText, product_retailer_id: anyText }), {
    body: maybe(body),
    footer: maybe(footer),
  }),
  product_list: interactive(
    'product_list',
    strict({
      catalog_id: anyText,
      sections: Type.Array(productSection, { minItems: 1, maxItems: 10 }),
    }),
    { header: textHeader, body, footer: maybe(footer) },
  ),
  catalog_message: interactive(
    'catalog_message',
    strict({
      name: Type.Literal('catalog_message'),
      parameters: maybe(strict({ thumbnail_product_retailer_id: anyText })),
    }),
    { body, footer: maybe(footer) },
  ),
  address_message: interactive(
    'address_message',
    strict({
      name: Type.Literal('address_message'),
      parameters: Type.Record(Type.String(), Type.Unknown()),
    }),
    { header: maybe(header), body, footer: maybe(footer) },
  ),
  call_permission_request: interactive(
    'call_permission_request',
    strict({ name: Type.Literal('call_permission_request') }),
    { body: maybe(body) },
  ),
  order_details: interactive(
    'order_details',
    strict({
      name: Type.Literal('review_and_pay'),
      parameters: Type.Object({
        reference_id: text(60),
        type: oneOf('digital-goods', 'physical-goods'),
        currency: text(3),
        total_amount: money,
        order: Type.Object({ status: Type.Literal('pending') }),
      }),
    }),
    { header: maybe(header), body, footer: maybe(footer) },
  ),
  order_status: interactive(
    'order_status',
    strict({
      name: Type.Literal('review_order'),
      parameters: Type.Object({
        reference_id: text(60),
        order: Type.Object({
          status: oneOf(
            'pending',
            'processing',
            'partially_shipped',
            'shipped',
            'completed',
            'canceled',
          ),
        }),
      }),
    }),
    { body, footer: maybe(footer) },
  ),
};
