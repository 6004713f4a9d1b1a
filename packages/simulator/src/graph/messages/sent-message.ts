import type { GraphError } from '../errors/graph-error';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import type { TemplateCategory } from '../world/template';
import type { ParsedMessage } from './parse-message';

/** How far a message got; names as on the wire. */
export type MessageStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** What became of a webhook; names as on the wire. */
export type WebhookState = 'PENDING' | 'DELIVERED' | 'RETRYING' | 'FAILED';

/** A status and when it was reached. */
export interface StatusStep {
  /** The status. */
  readonly status: MessageStatus;
  /** When, in milliseconds since 1970. */
  readonly time: number;
  /** What became of its webhook. */
  webhook: WebhookState;
}

/** A message that a business sent, on its way to a customer. */
export interface SentMessage {
  /** Its id, `wamid.…`. */
  readonly id: string;
  /** The business number. */
  readonly from: BusinessNumber;
  /** The customer. */
  readonly to: Contact;
  /** What was sent. */
  readonly message: ParsedMessage;
  /** The text as the customer reads it: of a template, with its parameters put in. */
  readonly text: string | undefined;
  /** How it is charged. */
  readonly category: TemplateCategory | 'SERVICE';
  /** Whether the customer's window was open when it was sent. */
  readonly windowOpen: boolean;
  /** Why it will not arrive; undefined when nothing stands in its way. */
  readonly refusal: GraphError | undefined;
  /** How far it got, the last step last. */
  readonly steps: StatusStep[];
}

/** How far a message got. */
export function statusOf(message: SentMessage): MessageStatus {
  return message.steps.at(-1)?.status ?? 'accepted';
}
