import { GatewayError } from '@blazz/core';

/** How long a send waits for its outcome when the caller does not say, in milliseconds. */
const defaultWaitMs = 10_000;

/** The longest that a send waits, in seconds. */
const maxWaitSeconds = 60;

/**
 * Reads the `Prefer` header of a send (RFC 7240): `respond-async` does not wait at all, `wait=N`
 * waits for at most N seconds. Preferences that are not known are ignored, as the RFC asks.
 * @returns milliseconds to wait
 * @throws GatewayError `bad_request` when `wait` is not a whole number of seconds
 */
export function parsePrefer(header: string | undefined): number {
  if (header === undefined) return defaultWaitMs;
  let waitMs = defaultWaitMs;
  for (const part of header.split(',')) {
    const [name = '', value = ''] = part.trim().split(/\s*=\s*/, 2);
    if (/^respond-async$/i.test(name)) return 0;
    if (/^wait$/i.test(name)) waitMs = parseSeconds(value) * 1000;
  }
  return waitMs;
}

function parseSeconds(value: string): number {
  const digits = /^"?([0-9]{1,6})"?$/.exec(value)?.[1];
  if (digits === undefined) {
    throw new GatewayError(
      'bad_request',
      `Prefer: wait must be a whole number of seconds, at most ${maxWaitSeconds}.`,
      { details: { header: 'prefer' } },
    );
  }
  return Math.min(Number(digits), maxWaitSeconds);
}
