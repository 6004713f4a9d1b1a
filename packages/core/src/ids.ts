import { randomBytes } from 'node:crypto';
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
 * @param random 10 random bytes; given in tests only
 */
export function newId(prefix: string, now: number, random: Uint8Array = randomBytes(10)): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time;
  }
  let tail = '';
  let bits = 0;
  let held = 0;
  for (const byte of random) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += alphabet.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return `${prefix}_${time}${tail}`;
}
