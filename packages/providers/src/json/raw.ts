/** JSON of unknown shape, as it comes from outside. */
export type Raw = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none. */
export function asRaw(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}

/** The value as text, when it is text and not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value as a finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value as a list; an empty one when it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The latest moment that a date can name, in milliseconds since 1970. */
const latest = 8.64e15;

/**
 * Seconds since 1970, as text.
 * @param otherwise what counts when the value is no time, in milliseconds since 1970
 */
export function timestampOf(seconds: unknown, otherwise = 0): string {
  const at = (asNumber(seconds) ?? Number.NaN) * 1000;
  return new Date(Math.abs(at) <= latest ? at : otherwise).toISOString();
}
