import type { ErrorBody, GatewayError } from '@blazz/core';

/** A good answer. */
export interface SuccessEnvelope<T> {
  /** Always true. */
  readonly success: true;
  /** What was asked for. */
  readonly data: T;
}

/** How a send ended that did not succeed. */
export type FailedOutcome = 'rejected' | 'not_sent' | 'unknown';

/** A refusal. */
export interface FailureEnvelope {
  /** Always false. */
  readonly success: false;
  /** What went wrong and what to do next. */
  readonly error: ErrorBody & {
    /** How a send ended; only in answers to sends. */
    readonly outcome?: FailedOutcome;
  };
}

/** Wraps a good answer. */
export function success<T>(data: T): SuccessEnvelope<T> {
  return { success: true, data };
}

/** Wraps a refusal; its cause stays behind. */
export function failure(error: GatewayError, outcome?: FailedOutcome): FailureEnvelope {
  const body = error.toJSON();
  return { success: false, error: outcome === undefined ? body : { ...body, outcome } };
}
