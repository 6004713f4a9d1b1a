import { asNumber, asRaw, asText } from '../../json/raw';

/** What Graph says about an error: what can be told on. Its sentences may hold phone numbers, so they are not here. */
export interface GraphErrorFacts {
  /** Graph's code. */
  readonly code: number;
  /** Graph's subcode. */
  readonly subcode?: number;
  /** What Meta's support finds the call by. */
  readonly traceId?: string;
  /** Whether Graph itself calls it passing. */
  readonly isTransient: boolean;
  /** How long Graph asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Reads `{code, error_subcode, is_transient, fbtrace_id}`, of an answer or of a status; undefined when it has no code. */
export function graphErrorFacts(
  error: unknown,
  retryAfterMs?: number,
): GraphErrorFacts | undefined {
  const { code, error_subcode, is_transient, fbtrace_id } = asRaw(error);
  const number = asNumber(code);
  if (number === undefined) return undefined;
  const subcode = asNumber(error_subcode);
  const trace = asText(fbtrace_id);
  return {
    code: number,
    isTransient: is_transient === true,
    ...(subcode === undefined ? {} : { subcode }),
    ...(trace === undefined || !/^[\w+/=-]{1,64}$/.test(trace) ? {} : { traceId: trace }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
