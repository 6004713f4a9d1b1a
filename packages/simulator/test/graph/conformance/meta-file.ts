import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

type Node = Record<string, unknown>;

/** Where Meta's OpenAPI file is, when it is at hand: `BLAZZ_META_OPENAPI`, or beside the repository. */
export function findMetaFile(): string | undefined {
  const named = process.env.BLAZZ_META_OPENAPI;
  if (named !== undefined) return named;
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const folder = join(root, '../shared/spec');
  const name = existsSync(folder) && readdirSync(folder).find((one) => one.endsWith('.yaml'));
  return name ? join(folder, name) : undefined;
}

/** Where Meta's file contradicts itself or what it documents elsewhere, and what is read instead. */
export const corrections: readonly {
  readonly why: string;
  readonly apply: (schemas: Record<string, Node>) => void;
}[] = [
  {
    why: 'Several files were merged: schemas whose names met got suffixes, the references did not follow, so that webhooks point to the schemas of requests.',
    apply: (schemas) => {
      const twins: Record<string, string> = {
        BaseMessageProperties: 'BaseMessageProperties_1',
        TextMessage: 'TextMessage_2',
        ReactionMessage: 'ReactionMessage_1',
        AudioMessage: 'AudioMessage_1',
        DocumentMessage: 'DocumentMessage_1',
        ImageMessage: 'ImageMessage_1',
        StickerMessage: 'StickerMessage_1',
        VideoMessage: 'VideoMessage_1',
        LocationMessage: 'LocationMessage_1',
        ContactObject: 'ContactObject_1',
        ErrorObject: 'ErrorObject_2',
      };
      const names = [
        ...Object.values(twins),
        'IncomingMessage',
        'ContactSharingMessage',
        'UnsupportedMessage',
        'ButtonMessage',
        'InteractiveMessageReply',
        'OrderMessage',
        'SystemMessage',
      ];
      for (const name of names) {
        schemas[name] = renamed(schemas[name], (ref) => {
          const target = ref.split('/').at(-1) ?? '';
          return `#/components/schemas/${twins[target] ?? target}`;
        }) as Node;
      }
    },
  },
  {
    why: 'A quoted message need not be about a product, as the same file shows in its button and list replies.',
    apply: (schemas) => {
      (schemas.ContextObject as Node).required = ['from', 'id'];
    },
  },
  {
    why: "The guide has the status `played` and the reply of a flow, `nfm_reply`; the file's lists are older.",
    apply: (schemas) => {
      const { properties } = part(schemas, 'Statuses') as { properties: Lists };
      properties.status?.enum.push('played');
      const { allOf } = part(schemas, 'InteractiveMessageReply') as { allOf: Node[] };
      const reply = allOf[1] as { properties: { interactive: { properties: Lists } } };
      reply.properties.interactive.properties.type?.enum.push('nfm_reply');
    },
  },
  {
    why: "A number's status is CONNECTED in the guide and in another list of the file; the file's own example has NOT_VERIFIED and UNKNOWN, which its lists lack.",
    apply: (schemas) => {
      const more = {
        WhatsAppPhoneNumberStatus: 'CONNECTED',
        WhatsAppCodeVerificationStatus: 'NOT_VERIFIED',
        WhatsAppPhoneNumberQualityRating: 'UNKNOWN',
      };
      for (const [name, word] of Object.entries(more)) {
        (part(schemas, name) as { enum: string[] }).enum.push(word);
      }
    },
  },
];

type Lists = Record<string, { enum: string[] }>;

function part(schemas: Record<string, Node>, name: string): Node {
  const found = schemas[name];
  if (found) return found;
  throw new Error(`Meta's file has no schema ${name} any more.`);
}

function renamed(node: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(node)) return node.map((one) => renamed(one, rename));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    name === '$ref' ? rename(String(value)) : renamed(value, rename),
  ]);
  return Object.fromEntries(entries);
}

interface Operation {
  readonly requestBody?: {
    readonly content: Record<string, { examples?: Record<string, { value: unknown }> }>;
  };
  readonly responses: Record<string, Node>;
}

/** Meta's OpenAPI file, read, corrected, ready to validate. */
export class MetaFile {
  readonly #paths: Record<string, Record<string, Operation>>;
  readonly #responses: Record<string, Node>;
  readonly #ajv: Ajv2020;

  constructor(path: string) {
    const file = parse(readFileSync(path, 'utf8')) as {
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: Record<string, Node>; responses: Record<string, Node> };
    };
    const { schemas } = file.components;
    for (const { apply } of corrections) apply(schemas);
    this.#paths = file.paths;
    this.#responses = file.components.responses;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(this.#ajv);
    this.#ajv.addFormat('url', /^https?:\/\//);
    this.#ajv.addSchema({ $id: 'meta', components: { schemas } });
  }

  /** The examples of an operation's JSON request. */
  examples(method: string, path: string): [string, unknown][] {
    const content = this.#operation(method, path).requestBody?.content['application/json'];
    return Object.entries(content?.examples ?? {}).map(([name, { value }]) => [name, value]);
  }

  /** What an operation's answer must be. */
  response(method: string, path: string, status: string): ValidateFunction {
    const { responses } = this.#operation(method, path);
    let response = responses[status] as Node;
    const ref = response.$ref as string | undefined;
    if (ref !== undefined) response = this.#responses[ref.split('/').at(-1) ?? ''] as Node;
    const content = response.content as Record<string, { schema: Node }>;
    return this.#compile(content['application/json']?.schema ?? {});
  }

  /** A schema of the file by its name. */
  schema(name: string): ValidateFunction {
    return this.#compile({ $ref: `#/components/schemas/${name}` });
  }

  #compile(schema: Node): ValidateFunction {
    return this.#ajv.compile(renamed(schema, (ref) => `meta${ref}`) as Node);
  }

  #operation(method: string, path: string): Operation {
    const found = this.#paths[path]?.[method];
    if (found) return found;
    throw new Error(`Meta's file has no ${method} ${path}.`);
  }
}
