import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import type { Correctable, Correction, Node, Operation, Parameter } from './correction';
import { renamed } from './correction';
import { requestCorrections } from './request-corrections';
import { webhookCorrections } from './webhook-corrections';

/** Where Meta's OpenAPI file is, when it is at hand: `BLAZZ_META_OPENAPI`, or beside the repository. It is never part of it. */
export function findMetaFile(): string | undefined {
  const named = process.env.BLAZZ_META_OPENAPI;
  if (named !== undefined) return named;
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const folder = join(root, '../shared/spec');
  const name = existsSync(folder) && readdirSync(folder).find((one) => one.endsWith('.yaml'));
  return name ? join(folder, name) : undefined;
}

/** Every place where the file is read otherwise than it is written. */
export const corrections: readonly Correction[] = [...webhookCorrections, ...requestCorrections];

/** Meta's OpenAPI file, read, corrected, ready to validate. */
export class MetaFile {
  readonly #paths: Correctable['paths'];
  readonly #responses: Record<string, Node>;
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(path: string) {
    const file = parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 }) as {
      paths: Correctable['paths'];
      components: { schemas: Record<string, Node>; responses: Record<string, Node> };
    };
    const { schemas } = file.components;
    for (const { apply } of corrections) apply({ schemas, paths: file.paths });
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

  /** Whether the file has an operation. */
  has(method: string, path: string): boolean {
    return this.#paths[path]?.[method] !== undefined;
  }

  /** What an operation's query may have. */
  query(method: string, path: string): readonly Parameter[] {
    const ofPath = (this.#paths[path] as { parameters?: readonly Parameter[] }).parameters ?? [];
    const all = [...(this.#operation(method, path).parameters ?? []), ...ofPath];
    return all.filter((one) => one.in === 'query');
  }

  /** The media types in which an operation takes a body. */
  bodyTypes(method: string, path: string): readonly string[] {
    return Object.keys(this.#operation(method, path).requestBody?.content ?? {});
  }

  /** What an operation's body must be, in one of its media types. */
  body(method: string, path: string, mediaType: string): ValidateFunction {
    const content = this.#operation(method, path).requestBody?.content[mediaType];
    return this.validator(content?.schema ?? {});
  }

  /** What an operation's answer must be. */
  response(method: string, path: string, status: string): ValidateFunction {
    const { responses } = this.#operation(method, path);
    let response = responses[status] as Node;
    const ref = response.$ref as string | undefined;
    if (ref !== undefined) response = this.#responses[ref.split('/').at(-1) ?? ''] as Node;
    const content = response.content as Record<string, { schema: Node }>;
    return this.validator(content['application/json']?.schema ?? {});
  }

  /** A schema of the file by its name. */
  schema(name: string): ValidateFunction {
    return this.validator({ $ref: `#/components/schemas/${name}` });
  }

  /** Whatever schema stands in the file. */
  validator(schema: Node): ValidateFunction {
    const key = JSON.stringify(schema);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const made = this.#ajv.compile(renamed(schema, (ref) => `meta${ref}`) as Node);
    this.#compiled.set(key, made);
    return made;
  }

  #operation(method: string, path: string): Operation {
    const found = this.#paths[path]?.[method];
    if (found) return found;
    throw new Error(`Meta's file has no ${method} ${path}.`);
  }
}
