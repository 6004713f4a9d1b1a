import type { ErrorCode } from '@blazz/core';

/** What kind of trouble an error of Graph is. */
export type ErrorClass =
  | 'auth'
  | 'throttle_app'
  | 'throttle_number'
  | 'throttle_pair'
  | 'quality_stop'
  | 'policy_block'
  | 'transient'
  | 'recipient'
  | 'window'
  | 'engagement'
  | 'content'
  | 'template'
  | 'billing'
  | 'registration'
  | 'unclassified';

/** How a refused call is tried again: waits of `baseMs` × `factor`^n, never longer than `maxMs`. */
export interface RetryRule {
  /** The first wait, in milliseconds. */
  readonly baseMs: number;
  /** What each further wait is multiplied by. */
  readonly factor: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
  /** After how many attempts the refusal is final. Default: as many as the lane makes. */
  readonly maxAttempts?: number;
}

/** What follows from an error of Graph. */
export interface GraphRule {
  /** What kind of trouble it is. */
  readonly class: ErrorClass;
  /** Whether the message is refused for good, or provably did not leave and may be tried again. */
  readonly outcome: 'rejected' | 'not_sent';
  /**
   * What it is about. `channel`: this way to WhatsApp is closed, and another may be tried. `pace`: a
   * limit that passes by itself. A `message` that did not leave may be tried another way too.
   */
  readonly scope: 'message' | 'channel' | 'pace';
  /** The gateway's code for it. */
  readonly code: ErrorCode;
  /** How it is tried again; left out when it is not. */
  readonly retry?: RetryRule;
  /** What happened, in one sentence of ours without its full stop. */
  readonly meaning: string;
  /** What the operator does next. */
  readonly nextStep: string;
}
