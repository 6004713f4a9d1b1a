import { isGatewayError } from '@blazz/core';

/** An error as it may stand in a log: no stack, no cause, no details. */
export interface LoggedError {
  /** The class of the error. */
  readonly name: string;
  /** One of the documented codes, or Node's own, such as `ECONNREFUSED`. */
  readonly code?: string;
  /** What happened; only of errors whose messages are known to be clean. */
  readonly message?: string;
  /** Where it was thrown: file, line and column, for errors that are faults of the code. */
  readonly at?: string;
}

/** A frame of a stack. The message above the frames may look like one, and is cut off first. */
const frame = /^ {4}at .*?([\w.-]+\.[cm]?[jt]s:\d+:\d+)\)?$/m;

/** Classes whose messages name code, not data. */
const faults: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'ReferenceError']);

/**
 * Reduces whatever was thrown to what may stand in a log. The message of a foreign error stays out:
 * a library may have put a phone number, an address or a body into it (`JSON.parse` does).
 */
export function reduceError(thrown: unknown): LoggedError {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  if (isGatewayError(thrown)) {
    return { name: thrown.name, code: thrown.code, message: thrown.message };
  }
  const { name, stack = '' } = thrown;
  const code = (thrown as { code?: unknown }).code;
  const at = frame.exec(stack.slice(stack.indexOf(thrown.message) + thrown.message.length))?.[1];
  return {
    name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(faults.has(name) ? { message: scrub(thrown.message) } : {}),
    ...(at === undefined ? {} : { at }),
  };
}

/** Cuts out long runs of digits and of base64, and the rest after 200 characters. */
function scrub(message: string): string {
  return message.replace(/\d{6,}|[A-Za-z0-9+/_=-]{24,}/g, '…').slice(0, 200);
}
