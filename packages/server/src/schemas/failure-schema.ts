import { errorCodes } from '@blazz/core';
import { type TSchema, Type } from '@sinclair/typebox';

/** The shape of every refusal. */
export const failureSchema: TSchema = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({
    code: Type.Union(
      Object.entries(errorCodes).map(([code, info]) =>
        Type.Literal(code, { description: `${info.status}: ${info.meaning}` }),
      ),
    ),
    message: Type.String({ description: 'What went wrong and what to do next.' }),
    retryable: Type.Boolean({ description: 'Whether the same call may succeed later.' }),
    retry_after_ms: Type.Optional(Type.Number()),
    outcome: Type.Optional(
      Type.Union([Type.Literal('rejected'), Type.Literal('not_sent'), Type.Literal('unknown')]),
    ),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
});

/** The shape of a good answer around its data. */
export function successSchema(data: TSchema): TSchema {
  return Type.Object({ success: Type.Literal(true), data });
}
