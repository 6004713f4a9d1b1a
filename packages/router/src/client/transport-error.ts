import { GatewayError } from '@blazz/core';

/** Failures of a connection that was never made: nothing of the request left. */
const unsentCodes: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Failures that come of the client's own end. */
const closedCodes: ReadonlySet<string> = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

/** Whether an error of the transport proves that nothing of the request was sent. */
export function isUnsent(thrown: unknown): boolean {
  return unsentCodes.has(codeOf(thrown));
}

/**
 * Makes a gateway error of an error of the transport: `connection_failed`, `bad_response` when
 * the other side does not speak HTTP or does not stop, `shutting_down` when the client was closed.
 */
export function transportError(thrown: unknown): GatewayError {
  const code = codeOf(thrown);
  const options = { cause: thrown };
  if (closedCodes.has(code)) {
    const message = 'The client was closed. Make a new one for further calls.';
    return new GatewayError('shutting_down', message, { ...options, retryable: false });
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || isUnparsable(thrown)) {
    const message = `The answer is not one that the gateway gives. Check that baseUrl points at an instance, and what stands between.`;
    return new GatewayError('bad_response', message, { ...options, retryable: false });
  }
  return new GatewayError(
    'connection_failed',
    `The instance could not be reached${code === '' ? '' : ` (${code})`}. Check baseUrl and that the instance runs.`,
    options,
  );
}

/** The parser's errors have a code of their own each, or none; only their name is common. */
function isUnparsable(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'HTTPParserError';
}

function codeOf(thrown: unknown): string {
  const { code } = Object(thrown) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : '';
}
