import type { MessageContent, TemplateComponent } from '@blazz/core';

/** A message that the Cloud API takes, with whom it goes to and what it answers where that matters. */
export interface SpokenMessage {
  readonly what: string;
  readonly content: MessageContent;
  readonly to?: string;
  readonly replyTo?: string;
}

/** Stands in content for the id of a medium that was uploaded before. */
export const mediaId = '1013859600285441';

const link = 'https://media.example.test/file';
const inline = `data:image/png;base64,${Buffer.from('a picture').toString('base64')}`;
const body = { text: 'Which one?' };
const footer = { text: 'Until Friday' };

const of = (what: string, content: MessageContent): SpokenMessage => ({ what, content });

const interactive = (
  type: string,
  action: Readonly<Record<string, unknown>>,
  parts: Readonly<Record<string, unknown>> = {},
): SpokenMessage => {
  const what = `interactive ${type} ${Object.keys(parts).join(' ')}`.trim();
  return of(what, { type: 'interactive', interactive: { type, body, action, ...parts } });
};

const template = (what: string, ...components: TemplateComponent[]): SpokenMessage =>
  of(`template with ${what}`, {
    type: 'template',
    template: {
      name: 'every_part',
      language: { code: 'en_US' },
      ...(components.length === 0 ? {} : { components }),
    },
  });

const header = (type: string, value: unknown): SpokenMessage =>
  template(`a header of ${type}`, { type: 'header', parameters: [{ type, [type]: value }] });

const button = (sub_type: string, index: string | number, parameter: object): SpokenMessage =>
  template(`a button of ${sub_type}`, {
    type: 'button',
    sub_type,
    index,
    parameters: [parameter as { type: string }],
  });

const reply = { type: 'reply', reply: { id: 'yes', title: 'Yes' } };
const buttons = { buttons: [reply] };
const row = { id: '1', title: 'One', description: 'The first' };
const item = { product_retailer_id: 'sku-1' };
const flow = { flow_message_version: '3', flow_cta: 'Open', flow_token: 'token' };
const order = { reference_id: 'order-1', order: { status: 'processing' } };
const money = { value: 1500, offset: 100 };

const media = [
  of('image by link', { type: 'image', image: { link, caption: 'A' } }),
  of('image by id', { type: 'image', image: { id: mediaId } }),
  of('image that is uploaded first', { type: 'image', image: { link: inline } }),
  of('video', { type: 'video', video: { link, caption: 'B' } }),
  of('audio', { type: 'audio', audio: { link } }),
  of('voice message', { type: 'audio', audio: { id: mediaId, voice: true } }),
  of('document', { type: 'document', document: { link, caption: 'C', filename: 'c.pdf' } }),
  of('sticker by link', { type: 'sticker', sticker: { link } }),
  of('sticker by id', { type: 'sticker', sticker: { id: mediaId } }),
];

const interactives = [
  interactive('button', buttons),
  interactive('button', buttons, { header: { type: 'text', text: 'Hello' }, footer }),
  interactive('button', buttons, { header: { type: 'image', image: { link } } }),
  interactive('button', buttons, { header: { type: 'video', video: { link } } }),
  interactive('button', buttons, {
    header: { type: 'document', document: { link, filename: 'a.pdf' } },
  }),
  interactive('list', { button: 'Choose', sections: [{ title: 'All', rows: [row] }] }),
  interactive('cta_url', {
    name: 'cta_url',
    parameters: { display_text: 'Look', url: 'https://shop.example.test/' },
  }),
  interactive('flow', { name: 'flow', parameters: { ...flow, flow_id: '1' } }),
  interactive('flow', {
    name: 'flow',
    parameters: {
      ...flow,
      flow_name: 'survey',
      mode: 'draft',
      flow_action: 'navigate',
      flow_action_payload: { screen: 'FIRST', data: { a: '1' } },
    },
  }),
  interactive('location_request_message', { name: 'send_location' }),
  interactive('product', { catalog_id: '1', ...item }, { footer }),
  interactive(
    'product_list',
    { catalog_id: '1', sections: [{ title: 'All', product_items: [item] }] },
    { header: { type: 'text', text: 'Hello' } },
  ),
  interactive('catalog_message', {
    name: 'catalog_message',
    parameters: { thumbnail_product_retailer_id: 'sku-1' },
  }),
  interactive('call_permission_request', { name: 'call_permission_request' }),
  interactive('order_details', {
    name: 'review_and_pay',
    parameters: {
      reference_id: 'order-1',
      type: 'digital-goods',
      currency: 'INR',
      total_amount: money,
      order: { status: 'pending', subtotal: money, items: [] },
    },
  }),
  interactive('order_status', { name: 'review_order', parameters: order }),
];

const templates = [
  template('nothing to fill'),
  template('values in order', {
    type: 'body',
    parameters: [
      { type: 'text', text: 'Ani' },
      {
        type: 'currency',
        currency: { fallback_value: '$100.99', code: 'USD', amount_1000: 100_990 },
      },
      { type: 'date_time', date_time: { fallback_value: 'February 25, 1977' } },
    ],
  }),
  template('values by name', {
    type: 'body',
    parameters: [{ type: 'text', parameter_name: 'customer', text: 'Ani' }],
  }),
  header('text', 'Hello'),
  header('image', { link }),
  header('video', { link }),
  header('document', { link, filename: 'a.pdf' }),
  header('location', { latitude: '1.5', longitude: '2.5', name: 'Shop', address: 'Street 1' }),
  button('quick_reply', '0', { type: 'payload', payload: 'yes' }),
  button('url', 1, { type: 'text', text: 'order-1' }),
  button('copy_code', '10', { type: 'coupon_code', coupon_code: '25OFF' }),
  button('flow', 0, { type: 'action', action: { flow_token: 'token' } }),
  button('CATALOG', 0, {
    type: 'action',
    action: { thumbnail_product_retailer_id: 'sku-1' },
  }),
];

const card = {
  name: { formatted_name: 'Ani B', first_name: 'Ani', last_name: 'B', prefix: 'Dr', suffix: 'Jr' },
  phones: [{ phone: '+62 822 2000 0001', type: 'CELL', wa_id: '628222000001' }],
  emails: [{ email: 'ani@example.test', type: 'WORK' }],
  urls: [{ url: 'https://ani.example.test/', type: 'HOME' }],
  addresses: [
    { street: 'Street 1', city: 'Town', state: 'S', zip: '1', country: 'Indonesia', type: 'HOME' },
  ],
  org: { company: 'Toko', department: 'Sales', title: 'Head' },
  birthday: '1990-08-17',
};

const text = { type: 'text', text: { body: 'hello' } } as const;

/** Every type of message that the Cloud API takes, in each of its variants. */
export const everyMessage: readonly SpokenMessage[] = [
  of('text', text),
  of('text with a preview', { type: 'text', text: { body: link, preview_url: true } }),
  { what: 'answer', content: text, replyTo: 'wamid.answered' },
  { what: 'text to a business-scoped user id', content: text, to: 'US.13491208655302741918' },
  { what: 'text to a group', content: text, to: 'Y2FwaV9ncm91cDoxMjM0NTY3ODkw' },
  ...media,
  of('location', { type: 'location', location: { latitude: -6.2, longitude: 106.8 } }),
  of('location with a name', {
    type: 'location',
    location: { latitude: -6.2, longitude: 106.8, name: 'Shop', address: 'Street 1' },
  }),
  of('contacts', { type: 'contacts', contacts: [card, { name: { formatted_name: 'B' } }] }),
  of('reaction', { type: 'reaction', reaction: { message_id: 'wamid.liked', emoji: '👍' } }),
  of('reaction taken back', {
    type: 'reaction',
    reaction: { message_id: 'wamid.liked', emoji: '' },
  }),
  ...interactives,
  ...templates,
];
