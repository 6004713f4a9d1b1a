import { randomUUID } from 'node:crypto';
import { GatewayError } from './errors/gateway-error';

/** The shape of a workspace id, session id, key id or consumer name. Safe in a path and in a URL. */
export const idPattern: RegExp = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether `value` is a well-formed id. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}

/**
 * Returns `value` as an id. A whole number is taken as its decimal digits, because
 * some primary applications send workspace ids as JSON numbers.
 * @param what how the value is called in the error, such as `workspace_id`
 * @throws GatewayError `invalid_id`
 */
export function toId(value: unknown, what: string): string {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (isId(id)) return id;
  throw new GatewayError(
    'invalid_id',
    `${what} must be 1 to 64 letters, digits, "_" or "-", and begin with a letter or digit.`,
    { details: { field: what } },
  );
}

/** The letters of Crockford's base 32: no I, L, O or U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new id that sorts by time: `<prefix>_` and a ULID (48 bits of milliseconds, 80 random bits).
 * @param prefix two to five letters, such as `msg`
 * @param now milliseconds since 1970
 */
export function newId(prefix: string, now: number): string {
  // Node keeps random UUIDs in stock, which makes them far cheaper than asking for random bytes.
  const uuid = randomUUID();
  const high = Math.floor(now / 2 ** 25);
  const low = now % 2 ** 25;
  let id = `${prefix}_${base32(high, 5)}${base32(low, 5)}`;
  // 80 bits from the digits that are random, 20 at a time: not the version and variant of the UUID.
  const digits = uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(24, 32);
  for (let at = 0; at < 20; at += 5) id += base32(Number.parseInt(digits.slice(at, at + 5), 16), 4);
  return id;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i++, rest >>>= 5) {
    text = alphabet.charAt(rest & 31) + text;
  }
  return text;
}
