import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';

/** An object that has these members and no other. */
export const strict = <T extends TProperties>(properties: T): TObject<T> =>
  Type.Object(properties, { additionalProperties: false });

/** A text of at least one character and at most so many. */
export const text = (maxLength: number): TSchema => Type.String({ minLength: 1, maxLength });

/** A text of at least one character. */
export const anyText: TSchema = Type.String({ minLength: 1 });

/** One of some words. */
export const oneOf = (...words: readonly string[]): TSchema =>
  Type.Union(words.map((word) => Type.Literal(word)));

/** It may be missing. */
export const maybe: typeof Type.Optional = Type.Optional;

/** A medium: one that was uploaded, or a link, never both. */
export const medium = (extra: TProperties = {}): TSchema =>
  Type.Union([strict({ id: anyText, ...extra }), strict({ link: anyText, ...extra })]);
