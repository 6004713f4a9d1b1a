import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Node = Record<string, unknown>;

/** The requests and webhooks that Meta's OpenAPI file gives as examples. */
export interface MetaExamples {
  /** Examples of an operation's requests, by name. */
  readonly requests: (path: string, method: string) => readonly (readonly [string, Node])[];
  /** Examples of webhooks, by name. */
  readonly webhooks: readonly (readonly [string, Node])[];
}

/** Meta's file, when it is at hand: `BLAZZ_META_OPENAPI`, or beside the repository. It is never part of it. */
export function metaExamples(): MetaExamples | undefined {
  const file = process.env.BLAZZ_META_OPENAPI ?? besideRepository();
  if (file === undefined) return undefined;
  const { paths } = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as { paths: Node };
  const requests: MetaExamples['requests'] = (path, method) => {
    const operation = at(paths, [path, method]);
    const examples = at(operation, ['requestBody', 'content', 'application/json', 'examples']);
    return Object.entries(examples).map(([name, example]) => [name, at(example, ['value'])]);
  };
  return { requests, webhooks: requests('/whatsapp/webhooks', 'post') };
}

function besideRepository(): string | undefined {
  const root = fileURLToPath(new URL('../../../../../', import.meta.url));
  const folder = join(root, '../shared/spec');
  const name = existsSync(folder) && readdirSync(folder).find((one) => one.endsWith('.yaml'));
  return name ? join(folder, name) : undefined;
}

function at(node: unknown, path: readonly string[]): Node {
  return path.reduce<unknown>((found, name) => (found as Node | undefined)?.[name], node) as Node;
}
