import { idPattern } from '@blazz/core';
import { type TInteger, type TObject, type TString, type TUnion, Type } from '@sinclair/typebox';

const words = 'must be 1 to 64 letters, digits, "_" or "-", and begin with a letter or digit.';

/** An id: of a session, a message, a key. */
export const id: TString = Type.String({
  pattern: idPattern.source,
  code: 'invalid_id',
  rule: words,
});

/** A workspace's id; some primary applications send it as a number. */
export const workspaceId: TUnion<[TString, TInteger]> = Type.Union(
  [Type.String({ pattern: idPattern.source }), Type.Integer({ minimum: 0 })],
  {
    description: 'The workspace. A number is taken as its decimal digits.',
    code: 'invalid_id',
    rule: words,
  },
);

/** The variable part of paths about one thing. */
export const idParams: TObject<{ id: TString }> = Type.Object({ id });
