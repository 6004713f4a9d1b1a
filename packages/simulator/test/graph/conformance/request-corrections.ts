import { type Correction, type Lists, type Node, part } from './correction';

const account = '/{Version}/{WABA-ID}';
const number = '/{Version}/{Phone-Number-ID}';

/** The interactive messages of the guide that the file lacks, by type, with their actions. */
const laterInteractive: Readonly<Record<string, Node>> = {
  cta_url: action('cta_url', { display_text: { type: 'string' }, url: { type: 'string' } }),
  location_request_message: {
    type: 'object',
    required: ['name'],
    properties: { name: { const: 'send_location' } },
  },
  order_details: action('review_and_pay', { reference_id: { type: 'string' } }),
  order_status: action('review_order', { reference_id: { type: 'string' } }),
};

/** Where the file refuses requests that it shows itself, or that are newer than it, and what is read instead. */
export const requestCorrections: readonly Correction[] = [
  {
    why: 'Each kind of message is sealed beside the members that all have, so that no message could be valid, no example of the file either; it is sealed as a whole.',
    apply: ({ schemas }) => {
      for (const { $ref } of part(schemas, 'Message').oneOf as { $ref: string }[]) {
        const kind = part(schemas, $ref.split('/').at(-1) ?? '');
        delete (kind.allOf as Node[])[1]?.additionalProperties;
        kind.unevaluatedProperties = false;
      }
    },
  },
  {
    why: 'The operation that sends also marks as read, as its own example does; the schema has messages alone.',
    apply: ({ schemas }) => {
      schemas.ReadMark = {
        type: 'object',
        required: ['messaging_product', 'status', 'message_id'],
        additionalProperties: false,
        properties: {
          messaging_product: { const: 'whatsapp' },
          status: { const: 'read' },
          message_id: { type: 'string' },
          typing_indicator: {
            type: 'object',
            required: ['type'],
            additionalProperties: false,
            properties: { type: { const: 'text' } },
          },
        },
      };
      (part(schemas, 'Message').oneOf as Node[]).push({ $ref: '#/components/schemas/ReadMark' });
    },
  },
  {
    why: 'Its statuses bring biz_opaque_callback_data back, as every send may carry it, of 512 characters at most; the schema of sends lacks it.',
    apply: ({ schemas }) => {
      const { properties } = part(schemas, 'BaseMessageProperties') as { properties: Node };
      properties.biz_opaque_callback_data = { type: 'string', minLength: 1, maxLength: 512 };
    },
  },
  {
    why: 'Business-scoped user ids are of 2026, the file of 2025: recipient stands in place of to, and never beside it.',
    apply: ({ schemas }) => {
      const base = part(schemas, 'BaseMessageProperties') as {
        required: string[];
        properties: Node;
        oneOf?: Node[];
      };
      base.required = base.required.filter((name) => name !== 'to');
      base.oneOf = [{ required: ['to'] }, { required: ['recipient'] }];
      base.properties.recipient = {
        type: 'string',
        pattern: '^[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}$',
      };
    },
  },
  {
    why: "A place's latitude and longitude are numbers in every example of the file; its schema wants texts.",
    apply: ({ schemas }) => {
      const { allOf } = part(schemas, 'LocationMessage') as { allOf: Node[] };
      const { location } = (allOf[1] as Node).properties as { location: { properties: Node } };
      for (const name of ['latitude', 'longitude']) {
        location.properties[name] = { type: ['number', 'string'] };
      }
    },
  },
  {
    why: "A template's language needs no policy, as most examples of the file show: deterministic is the only one.",
    apply: ({ schemas }) => {
      part(schemas, 'LanguageObject').required = ['code'];
    },
  },
  {
    why: "A template's buttons are counted from 0 and have more sub types in the file's examples and in the guide than in its list; the pattern of an index takes no 0 and no 10.",
    apply: ({ schemas }) => {
      const { properties } = part(schemas, 'TemplateComponent') as { properties: Node };
      properties.index = { type: 'string', pattern: '^[0-9]{1,2}$' };
      (properties.sub_type as { enum: string[] }).enum.push('flow', 'copy_code', 'CATALOG');
    },
  },
  {
    why: 'Interactive messages of the guide, and of examples of the file, are missing in its list: links, requests of a location, orders.',
    apply: ({ schemas }) => {
      const { properties } = part(schemas, 'InteractiveObject') as { properties: Lists };
      properties.type?.enum.push(...Object.keys(laterInteractive));
      (part(schemas, 'ActionObject').oneOf as Node[]).push(...Object.values(laterInteractive));
    },
  },
  {
    why: 'Contact cards have more kinds of numbers in the guide, such as CELL; the list of the file has two.',
    apply: ({ schemas }) => {
      const { properties } = part(schemas, 'PhoneObject') as { properties: Lists };
      properties.type?.enum.push('CELL', 'MAIN', 'IPHONE');
    },
  },
  {
    why: "The file names limit and after for most lists, and answers with the same cursors in these two, whose parameters it leaves out; the list of templates has the guide's fields too.",
    apply: ({ paths }) => {
      for (const path of [`${account}/message_templates`, `${number}/block_users`]) {
        const operation = paths[path]?.get;
        if (operation === undefined) throw new Error(`Meta's file has no get ${path} any more.`);
        const paging = [
          { name: 'limit', in: 'query', schema: { type: 'string', pattern: '^[0-9]{1,3}$' } },
          { name: 'after', in: 'query', schema: { type: 'string', minLength: 1 } },
        ];
        operation.parameters = [...(operation.parameters ?? []), ...paging];
      }
    },
  },
];

function action(name: string, properties: Node): Node {
  return {
    type: 'object',
    required: ['name', 'parameters'],
    properties: {
      name: { const: name },
      parameters: { type: 'object', required: Object.keys(properties), properties },
    },
  };
}
