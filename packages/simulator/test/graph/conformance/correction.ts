/** A JSON object of the file. */
export type Node = Record<string, unknown>;

/** What corrections may change. */
export interface Correctable {
  /** The schemas by name. */
  readonly schemas: Record<string, Node>;
  /** The operations by path and method. */
  readonly paths: Record<string, Record<string, Operation>>;
}

/** One operation of the file. */
export interface Operation {
  parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, Body> };
  readonly responses: Record<string, Node>;
}

/** What an operation takes besides its body; a reference is to one of the headers that all have. */
export interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly schema?: Node;
}

interface Body {
  readonly schema?: Node;
  readonly examples?: Record<string, { readonly value: unknown }>;
}

/** Where Meta's file contradicts itself or what it documents elsewhere, and what is read instead. */
export interface Correction {
  /** What is wrong, and how that is known. */
  readonly why: string;
  /** Mends it. */
  readonly apply: (file: Correctable) => void;
}

/** Members that are lists of words. */
export type Lists = Record<string, { enum: string[] }>;

/** A schema of the file that has to be there. */
export function part(schemas: Record<string, Node>, name: string): Node {
  const found = schemas[name];
  if (found) return found;
  throw new Error(`Meta's file has no schema ${name} any more.`);
}

/** Rewrites every reference below a node. */
export function renamed(node: unknown, rename: (ref: string) => string): unknown {
  if (Array.isArray(node)) return node.map((one) => renamed(one, rename));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [
    name,
    name === '$ref' ? rename(String(value)) : renamed(value, rename),
  ]);
  return Object.fromEntries(entries);
}
