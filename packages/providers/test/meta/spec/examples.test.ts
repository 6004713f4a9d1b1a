import { parseSendRequest } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { findMetaFile, MetaFile } from '../../../../simulator/test/graph/conformance/meta-file';
import { decodePayload } from '../../../src/meta/decode/decode-payload';
import { encodeMessage } from '../../../src/meta/encode/message';

type Node = Record<string, unknown>;

const file = findMetaFile();
const examples = file === undefined ? undefined : new MetaFile(file);
const examplesOf = (method: string, path: string): [string, Node][] =>
  (examples?.examples(method, path) ?? []) as [string, Node][];

/** Placeholders of the examples that stand where no text may stand, and what stands for them here. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/^(\{\{Recipient-(WA-)?Phone-Number\}\}|<PHONE_NUMBER>|PHONE_NUMBER)$/, '16505551234'],
  [/^<?http\(s\):\/\/([a-z-]+)>?$/, 'https://$1.example/'],
  [/^(<TEMPLATE_NAME>|template-name)$/, 'template_name'],
];

function filled(value: unknown): unknown {
  if (typeof value === 'string') {
    return placeholders.reduce((text, [shape, real]) => text.replace(shape, real), value);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one)]));
}

/** Where we write something else than an example, and why that is the same. */
const differences: readonly (readonly [why: string, apply: (body: Node) => Node])[] = [
  [
    'numbers are written as digits, as Meta answers them in wa_id',
    (body) => ({ ...body, to: String(body.to).replace('+', '') }),
  ],
  [
    'recipient_type is always written; individual is what Meta assumes without it',
    (body) => ({ recipient_type: 'individual', ...body }),
  ],
  [
    'type is always written; some examples leave it out where the content says it',
    (body) => ({ type: body.interactive === undefined ? 'text' : 'interactive', ...body }),
  ],
  [
    "a template button's index is written as text, as in the schema; some examples have a number",
    (body) =>
      inComponents(body, ({ index, ...rest }) =>
        index === undefined ? rest : { ...rest, index: String(index) },
      ),
  ],
  [
    'a text parameter is a text, as in the schema; one example has true and false',
    (body) =>
      inComponents(body, (component) => ({
        ...component,
        parameters: (component.parameters as Node[]).map((one) =>
          'text' in one ? { ...one, text: String(one.text) } : one,
        ),
      })),
  ],
];

function inComponents(body: Node, change: (component: Node) => Node): Node {
  const template = body.template as Node | undefined;
  const components = template?.components as Node[] | undefined;
  if (components === undefined) return body;
  return { ...body, template: { ...template, components: components.map(change) } };
}

describe.skipIf(examples === undefined)("Meta's own examples", () => {
  const sends = examplesOf('post', '/{Version}/{Phone-Number-ID}/messages');
  const messages = sends.filter(([, body]) => body.status === undefined);

  it.each(messages)('of a request can be said and come out equal: %s', (_, example) => {
    const expected = differences.reduce((body, [, apply]) => apply(body), filled(example) as Node);
    const type = String(expected.type);
    const context = expected.context as { message_id: string } | undefined;
    const { content, recipient, reply_to } = parseSendRequest({
      to: expected.to,
      type,
      [type]: expected[type],
      ...(context === undefined ? {} : { reply_to: context.message_id }),
    });
    const message = { message_id: 'msg_1', recipient, content, reply_to };
    const { biz_opaque_callback_data, ...body } = encodeMessage(message, 1);
    expect(JSON.parse(JSON.stringify(body))).toEqual(expected);
    expect(biz_opaque_callback_data).toBe('b1.msg_1.1');
  });

  it('of requests are all looked at', () => {
    expect(messages.length).toBeGreaterThanOrEqual(45);
    expect(sends.length - messages.length).toBe(1);
  });

  it.each(examplesOf('post', '/whatsapp/webhooks'))(
    'of a webhook become typed events: %s',
    (name, example) => {
      const events = decodePayload(JSON.stringify(example), { includeRaw: false });
      const types = events.map(({ type }) => type);
      const expected = /group/i.test(name)
        ? ['provider.notice']
        : /reaction/i.test(name)
          ? ['message.reaction']
          : /system/i.test(name)
            ? ['message.received', 'contact.updated']
            : ['message.received'];
      expect(types).toEqual(expected);
      const [event] = events;
      const isUnread = event?.type === 'message.received' && event.message.type === 'unsupported';
      expect(isUnread).toBe(/unsupported/i.test(name));
    },
  );
});

it.skipIf(examples !== undefined)(
  "Meta's own examples were not tried: set BLAZZ_META_OPENAPI to Meta's OpenAPI file",
  () => {
    expect(process.env.BLAZZ_META_OPENAPI).toBeUndefined();
  },
);
