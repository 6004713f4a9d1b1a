import { errorCodes, GatewayError, isErrorCode } from '@blazz/core';

/** What an instance answered, as it came. */
export interface RawAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** A header, by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** The body. */
  readonly text: string;
  /** The wall-clock time, in milliseconds since 1970. */
  readonly now: number;
}

/**
 * Reads an answer: the data of a good one, or the error of a refusal.
 * @throws GatewayError the instance's own error, or `bad_response` when the answer is not of the protocol
 */
export function decodeAnswer(answer: RawAnswer): unknown {
  const envelope = parseObject(answer.text);
  const { status } = answer;
  const data = envelope?.success === true ? envelope.data : undefined;
  // Every route answers with an object or a list.
  if (typeof data === 'object' && data !== null && status >= 200 && status < 300) return data;
  const error = envelope?.success === false ? asObject(envelope.error) : undefined;
  if (error === undefined || status < 400) throw badResponse(answer);
  throw refusal(error, answer);
}

/**
 * Reads an answer without an envelope, whatever its status says.
 * @throws GatewayError `bad_response` when it is not a JSON object
 */
export function decodeBareAnswer(answer: RawAnswer): unknown {
  const body = parseObject(answer.text);
  if (body === undefined) throw badResponse(answer);
  return body;
}

function refusal(error: Record<string, unknown>, answer: RawAnswer): GatewayError {
  const { code, message, retryable, outcome } = error;
  // A newer instance may know codes that this client does not: what matters is kept.
  if (!isErrorCode(code)) {
    const unknown = typeof code === 'string' && /^[a-z_]{1,64}$/.test(code) ? { code } : {};
    return badResponse(answer, { ...unknown, ...outcomeOf(outcome) }, retryable === true);
  }
  const details = { ...asObject(error.details), ...outcomeOf(outcome) };
  return new GatewayError(code, typeof message === 'string' ? message : errorCodes[code].meaning, {
    retryable: typeof retryable === 'boolean' ? retryable : undefined,
    retryAfterMs: retryAfterMs(error.retry_after_ms, answer),
    details: Object.keys(details).length === 0 ? undefined : details,
  });
}

function outcomeOf(outcome: unknown): { outcome?: string } {
  return typeof outcome === 'string' && /^[a-z_]{1,32}$/.test(outcome) ? { outcome } : {};
}

function badResponse(
  answer: RawAnswer,
  details: Record<string, unknown> = {},
  retryable?: boolean,
): GatewayError {
  const { status } = answer;
  return new GatewayError(
    'bad_response',
    `The answer (HTTP ${status}) is not one that the gateway gives. Check that baseUrl points at an instance, and what stands between.`,
    {
      // A proxy's 502 passes; its 404 or 403 stays until somebody corrects the address.
      retryable: retryable ?? (status >= 500 || status === 429 || status < 300),
      retryAfterMs: retryAfterMs(undefined, answer),
      details: { status, ...details },
    },
  );
}

/** The body's figure is exact; the header has whole seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(given: unknown, answer: RawAnswer): number | undefined {
  if (typeof given === 'number' && given >= 0) return given;
  const header = answer.header('retry-after');
  if (header === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - answer.now);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
