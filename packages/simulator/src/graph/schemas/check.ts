import type { TSchema } from '@sinclair/typebox';
import { Value, type ValueError } from '@sinclair/typebox/value';
import { GraphError } from '../errors/graph-error';

/**
 * Holds a value to a schema.
 * @param prefix where the value is in the request, such as `text`
 * @throws GraphError 100 that names the first member which does not fit
 */
export function check(schema: TSchema, value: unknown, prefix = ''): void {
  if (Value.Check(schema, value)) return;
  const first = deepest(Value.Errors(schema, value).First());
  const where = nameOf(prefix, first?.path ?? '');
  const message = first?.value === undefined ? `The parameter ${where} is required.` : undefined;
  throw new GraphError(100, {
    message: `(#100) ${message ?? 'Invalid parameter'}`,
    details: message ?? `Param ${where} does not fit: ${first?.message ?? 'it is not valid'}.`,
  });
}

/** Of a union's errors, the one that got furthest: it belongs to the member that was meant. */
function deepest(error: ValueError | undefined): ValueError | undefined {
  if (!error?.errors?.length) return error;
  const inner = error.errors
    .map((errors) => deepest(errors.First()))
    .filter((one) => one !== undefined);
  const longest = inner.reduce<ValueError | undefined>(
    (best, one) => (best && depth(best) >= depth(one) ? best : one),
    undefined,
  );
  return longest && depth(longest) > depth(error) + 1 ? longest : (longest ?? error);
}

const depth = (error: ValueError): number => error.path.split('/').length;

/** `/body` of `text` reads `text['body']`, as Meta writes it. */
function nameOf(prefix: string, path: string): string {
  const [first = '', ...rest] = `${prefix}${path}`.replace(/^\//, '').split('/');
  return `${first}${rest.map((part) => `['${part}']`).join('')}` || 'request';
}
