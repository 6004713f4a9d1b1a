import type { ErrorCode } from '../errors/error-codes';
import type { GatewayError } from '../errors/gateway-error';

/** One step from a provider that could not carry a message to the next. */
export interface Hop {
  /** The provider that was left. */
  readonly from: string;
  /** The provider that came next. */
  readonly to: string;
  /** The error code that it was left for. */
  readonly code: ErrorCode;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** How a message went, where a provider is made of several. */
export interface Carriage {
  /** The member that the outcome came from. Left out by a provider that is one way alone. */
  readonly via?: string;
  /** The steps that led there, in order. Left out when there was none. */
  readonly hops?: readonly Hop[];
}

/** WhatsApp has the message. */
export interface SentOutcome extends Carriage {
  /** The kind of outcome. */
  readonly status: 'sent';
  /** WhatsApp's id of the message. */
  readonly provider_message_id: string;
}

/** WhatsApp said no. Trying again unchanged is pointless. */
export interface RejectedOutcome extends Carriage {
  /** The kind of outcome. */
  readonly status: 'rejected';
  /** Why. */
  readonly error: GatewayError;
  /**
   * What the refusal is about. `channel`: this way to WhatsApp is closed, whatever the message; only
   * then may another way be tried. Default: `message`.
   */
  readonly scope?: 'message' | 'channel';
}

/** Provably nothing left. The lane tries again, after `retryAfterMs` or its own back-off. */
export interface NotSentOutcome extends Carriage {
  /** The kind of outcome. */
  readonly status: 'not_sent';
  /** Why. */
  readonly error: GatewayError;
  /** How long to wait, in milliseconds, when the provider knows. */
  readonly retryAfterMs?: number;
  /**
   * What keeps it. `pace`: a limit that passes by itself; the message waits for it, and no other way
   * is tried. Default: `channel`.
   */
  readonly scope?: 'pace' | 'channel';
}

/** It may have been sent: nobody can tell. Never repeated by itself. */
export interface UnknownOutcome extends Carriage {
  /** The kind of outcome. */
  readonly status: 'unknown';
  /** What kept the answer away. */
  readonly error: GatewayError;
  /** WhatsApp's id, when the page had given one before the answer was lost. Lets a later acknowledgement settle it. */
  readonly provider_message_id?: string;
}

/** How one attempt to send ended. Data, not an exception. */
export type SendOutcome = SentOutcome | RejectedOutcome | NotSentOutcome | UnknownOutcome;
