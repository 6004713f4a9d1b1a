import type {
  Decision,
  EventType,
  LaneName,
  OnAmbiguous,
  ReceiptStatus,
  SendRequest,
  TemplateContent,
} from '@blazz/core';
import type { CallOptions } from './call';

/** Who sends: the tenant and, when it is not the primary one, the session. */
export interface Sender {
  /** The tenant. A whole number is taken as its decimal digits. */
  readonly workspace_id: string | number;
  /** The session. Default: the workspace's primary one. */
  readonly session_id?: string;
}

/** A text in its short form. */
export interface ShortText {
  /** Only text has a short form. */
  readonly type: 'text';
  /** The text itself, 1 to 4096 characters: short for `text: { body }`. */
  readonly message: string;
}

/** The body of `POST /internal/send-message`. */
export type SendMessageRequest = Sender & (SendRequest | (ShortText & Omit<SendRequest, 'type'>));

/** The body of `POST /internal/send-template`. */
export interface SendTemplateRequest extends Sender {
  /** E.164 digits, a chat id or a business-scoped user id. */
  readonly to: string;
  /** The template and the values that fill it. */
  readonly template: TemplateContent;
  /** Default `hold`: an ambiguous send is never repeated by itself. */
  readonly on_ambiguous?: OnAmbiguous;
  /** When the message loses its point, ISO 8601. */
  readonly expires_at?: string;
  /** Not before this time, ISO 8601. */
  readonly send_at?: string;
  /** Default `interactive`. */
  readonly lane?: LaneName;
}

/** What a caller may say about a send. */
export interface SendOptions extends CallOptions {
  /**
   * Makes a second send with the same key harmless, for 72 hours: 16 to 128 letters, digits, `_` or
   * `-`. Give one that your own record of the message determines, so that a crash between the send
   * and its answer cannot double it. Default: a new one for each call.
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * How long the instance waits for the outcome before it answers, in whole seconds, 0 to 60. At 0 it
   * answers as soon as the message is accepted durably. Default: 10.
   */
  readonly wait?: number | undefined;
}

/** What to decide on a message that is `unknown`. */
export interface DecisionRequest {
  /** The tenant. May be left out when the key covers exactly one. */
  readonly workspace_id?: string | number;
  /** What somebody who looked into the chat found. */
  readonly decision: Decision['decision'];
  /** With `mark_sent`: WhatsApp's id, so that receipts find the message. */
  readonly provider_message_id?: string;
}

/** Which messages to list. */
export interface MessageListQuery {
  /** The tenant. May be left out when the key covers exactly one. */
  readonly workspace_id?: string | number;
  /** Only this session's. */
  readonly session_id?: string;
  /** Only with this status. */
  readonly status?: ReceiptStatus;
  /** Where to read on: `next_cursor` of the page before. */
  readonly cursor?: string;
  /** At most this many, 1 to 200. */
  readonly limit?: number;
}

/** Which events to read. */
export interface EventListQuery {
  /** The tenant. May be left out when the key covers exactly one. */
  readonly workspace_id?: string | number;
  /** Events with a higher `seq` than this. Default: 0, from the oldest. */
  readonly after?: number;
  /** At most this many, 1 to 1000. */
  readonly limit?: number;
  /** Only these types. */
  readonly types?: readonly EventType[];
  /** Only of these sessions. */
  readonly sessions?: readonly string[];
}

/** Which named readers of events to list. */
export interface ConsumerListQuery {
  /** The tenant. May be left out when the key covers exactly one. */
  readonly workspace_id?: string | number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
  /** At most this many, 1 to 200. Default: 50. */
  readonly limit?: number;
}
