import { type ErrorCode, GatewayError } from '@blazz/core';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';

/** Which part of a request a schema is about. */
export type RequestPart = 'body' | 'querystring' | 'params';

/** Checks a value: the value to go on with, or the error to answer with. */
export type Check = (value: unknown) => { readonly value: unknown } | { readonly error: Error };

const codes: Readonly<Record<RequestPart, ErrorCode>> = {
  body: 'bad_request',
  querystring: 'bad_request',
  params: 'invalid_id',
};

/**
 * Compiles a schema to a check. Texts of the query are read as the numbers and booleans that the
 * schema asks for; bodies are taken as they are. An error names the field and the rule, never the
 * value. A schema may carry its own `code` and `rule` (a sentence) for its errors.
 */
export function compileSchema(schema: TSchema, part: RequestPart): Check {
  const checker = TypeCompiler.Compile(schema);
  return (given) => {
    const value = part === 'querystring' ? Value.Convert(schema, given) : given;
    if (checker.Check(value)) return { value };
    const first = checker.Errors(value).First();
    const path = first?.path.slice(1).replaceAll('/', '.') || part;
    const code = (first?.schema.code as ErrorCode | undefined) ?? codes[part];
    const rule = (first?.schema.rule as string | undefined) ?? `${first?.message ?? 'Invalid'}.`;
    return { error: new GatewayError(code, `${path}: ${rule}`, { details: { path } }) };
  };
}
