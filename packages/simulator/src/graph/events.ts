import type { GraphEffect } from './ledger';
import type { MessageStatus, SentMessage } from './messages/sent-message';

/** A request that the Graph API answered, or did not. */
export interface RequestEvent {
  /** The HTTP method. */
  readonly method: string;
  /** The path without the query. */
  readonly path: string;
  /** The endpoint, such as `send_message`; undefined for a path that is none. */
  readonly endpoint?: string;
  /** The HTTP status; undefined when a fault left it without one. */
  readonly status?: number;
  /** The code of the Graph error, when there was one. */
  readonly code?: number;
  /** The kind of fault that it met. */
  readonly fault?: string;
}

/** A delivery of a webhook, as it ended. */
export interface WebhookEvent {
  /** The callback. */
  readonly url: string;
  /** The exact bytes that were sent, as text. */
  readonly body: string;
  /** How many items it carried. */
  readonly items: number;
  /** Which delivery of this body it was, from 1. */
  readonly attempt: number;
  /** The HTTP status of the callback; undefined when it gave none. */
  readonly status?: number;
}

/** A message's status, when it changes. */
export interface StatusEvent {
  /** The message's id. */
  readonly id: string;
  /** The new status. */
  readonly status: MessageStatus;
}

/** A mark that a business set on a customer's message. */
export interface ReadMarkEvent {
  /** The business number. */
  readonly phoneNumberId: string;
  /** The customer's message. */
  readonly messageId: string;
}

/** What happens at the simulated Graph API. */
export interface GraphSimulatorEvents {
  /** A request was answered, or cut off. */
  request: [RequestEvent];
  /** A message was accepted. */
  effect: [GraphEffect];
  /** A message reached the customer's phone. */
  received: [SentMessage];
  /** A message's status changed. */
  status: [StatusEvent];
  /** A business read a customer's message. */
  read: [ReadMarkEvent];
  /** A business shows that somebody types. */
  typing: [ReadMarkEvent];
  /** A webhook was delivered, or not. */
  webhook: [WebhookEvent];
  /** A webhook was given up after its last delivery. */
  webhook_given_up: [WebhookEvent];
}

/** Tells one event. */
export type Publish = <Name extends keyof GraphSimulatorEvents>(
  name: Name,
  ...payload: GraphSimulatorEvents[Name]
) => void;
