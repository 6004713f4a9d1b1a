import type { Attempt, MessageContent, OutgoingMessage, SendOutcome } from '@blazz/core';
import type { SessionName } from './session-name';

/** Something that WhatsApp took, and that a recipient could see. Count doubles here. */
export interface ScriptedEffect extends SessionName {
  /** The gateway's id of the message. */
  readonly message_id: string;
  /** WhatsApp's id, new with each effect. */
  readonly provider_message_id: string;
  /** The recipient's key. */
  readonly to: string;
  /** What was said. */
  readonly content: MessageContent;
  /** The provider's id of the message that it answers. */
  readonly reply_to?: string;
  /** The attempt that did it. */
  readonly attempt: Attempt;
  /** When, milliseconds since 1970. */
  readonly at: number;
}

/** One call of `send`, whatever came of it. */
export interface ScriptedCall extends SessionName {
  /** The message. */
  readonly message: OutgoingMessage;
  /** The attempt. */
  readonly attempt: Attempt;
  /** When it began, milliseconds since 1970. */
  readonly startedAt: number;
  /** When it ended; `undefined` while it runs. */
  readonly endedAt: number | undefined;
  /** How it ended; `undefined` while it runs, and when the script threw. */
  readonly outcome: SendOutcome['status'] | undefined;
}

/** Something shown in a chat that is no message. */
export interface ScriptedGesture extends SessionName {
  /** What was shown: that somebody writes, records or has stopped, or blue ticks. */
  readonly kind: 'typing' | 'recording' | 'paused' | 'read';
  /** The chat. */
  readonly chat_id: string;
  /** For `read`: up to which message, if one was named. */
  readonly provider_message_id?: string;
}

/** Two providers that were connected for one session at the same time: the owner was not alone. */
export interface ScriptedOverlap extends SessionName {
  /** When the second one came, milliseconds since 1970. */
  readonly at: number;
}
