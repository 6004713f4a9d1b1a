import { hash } from 'node:crypto';

/**
 * A digest that is the same for two JSON values that mean the same, whatever the order of their
 * fields. Fields that are `undefined` do not count.
 */
export function digestOf(value: unknown): string {
  return hash('sha256', canonical(value), 'base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(name)}:${canonical(fields[name])}`;
  }
  return `${text}}`;
}
