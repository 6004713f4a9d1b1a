import { asNumber, timestampOf } from '../../json/raw';

/** The latest moment that a date can name, in milliseconds since 1970. */
const latest = 8.64e15;

/** Seconds since 1970, which Meta writes as text, or as a number. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return asNumber(value);
  return value.trim() === '' ? undefined : asNumber(Number(value));
}

/**
 * Seconds since 1970 as an ISO 8601 text.
 * @param otherwise what counts when the value is no time, in milliseconds since 1970
 */
export function stamp(seconds: unknown, otherwise: number): string {
  return timestampOf(secondsOf(seconds), Math.abs(otherwise) <= latest ? otherwise : 0);
}
