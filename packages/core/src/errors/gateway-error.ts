import { type ErrorCode, errorCodes } from './error-codes';

/** What may be said about a {@link GatewayError} beyond its code and message. */
export interface GatewayErrorOptions {
  /** The error that led to this one. Never sent to a caller. */
  readonly cause?: unknown;
  /** Overrides the code's own `retryable`. */
  readonly retryable?: boolean | undefined;
  /** How long to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Facts for the caller, snake_case, safe to show: no secrets, phone numbers or message bodies. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** An error as it travels over the wire. */
export interface ErrorBody {
  /** One of the documented codes. */
  readonly code: ErrorCode;
  /** What went wrong and what to do next, in English. */
  readonly message: string;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** How long to wait before the next try, in milliseconds. */
  readonly retry_after_ms?: number;
  /** Facts that a program can use. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const brand: unique symbol = Symbol.for('@blazz/core/GatewayError') as never;

/**
 * The one error class. Its message says what the caller should do next; its `code` is from
 * {@link errorCodes}. Guard with {@link isGatewayError}, not `instanceof`: two copies of core can meet.
 */
export class GatewayError extends Error {
  /** Always `GatewayError`. */
  override readonly name = 'GatewayError';
  /** One of the documented codes. */
  readonly code: ErrorCode;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** How long to wait before the next try, in milliseconds, when that is known. */
  readonly retryAfterMs: number | undefined;
  /** Facts for the caller, safe to show. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  /**
   * @param code one of the documented codes
   * @param message what went wrong and what to do next; no secrets, phone numbers or bodies
   * @param options cause, retry advice and facts
   */
  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? errorCodes[code].retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
    Object.defineProperty(this, brand, { value: true });
  }

  /** The error as it travels over the wire; the cause stays behind. */
  toJSON(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** Whether `value` is a {@link GatewayError}, of this copy of core or another. */
export function isGatewayError(value: unknown): value is GatewayError {
  return typeof value === 'object' && value !== null && brand in value;
}

/**
 * Makes a {@link GatewayError} of anything thrown: one that already is passes through, anything
 * else (whatsapp-web.js throws bare strings) becomes the cause of a new one.
 */
export function toGatewayError(thrown: unknown, code: ErrorCode, message: string): GatewayError {
  return isGatewayError(thrown) ? thrown : new GatewayError(code, message, { cause: thrown });
}
