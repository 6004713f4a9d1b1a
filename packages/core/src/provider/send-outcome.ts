import type { GatewayError } from '../errors/gateway-error';

/** WhatsApp has the message. */
export interface SentOutcome {
  /** The kind of outcome. */
  readonly status: 'sent';
  /** WhatsApp's id of the message. */
  readonly provider_message_id: string;
}

/** WhatsApp said no. Trying again unchanged is pointless. */
export interface RejectedOutcome {
  /** The kind of outcome. */
  readonly status: 'rejected';
  /** Why. */
  readonly error: GatewayError;
}

/** Provably nothing left. The lane tries again, after `retryAfterMs` or its own back-off. */
export interface NotSentOutcome {
  /** The kind of outcome. */
  readonly status: 'not_sent';
  /** Why. */
  readonly error: GatewayError;
  /** How long to wait, in milliseconds, when the provider knows. */
  readonly retryAfterMs?: number;
}

/** It may have been sent: nobody can tell. Never repeated by itself. */
export interface UnknownOutcome {
  /** The kind of outcome. */
  readonly status: 'unknown';
  /** What kept the answer away. */
  readonly error: GatewayError;
  /** WhatsApp's id, when the page had given one before the answer was lost. Lets a later acknowledgement settle it. */
  readonly provider_message_id?: string;
}

/** How one attempt to send ended. Data, not an exception. */
export type SendOutcome = SentOutcome | RejectedOutcome | NotSentOutcome | UnknownOutcome;
