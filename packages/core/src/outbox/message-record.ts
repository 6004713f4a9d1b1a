import type { ErrorBody } from '../errors/gateway-error';
import type { MessageContent } from '../messages/content';
import type { LaneName, OnAmbiguous } from '../messages/outgoing-message';
import type { MessagePricing } from '../messages/pricing';
import type { ReceiptStatus } from '../messages/receipt';
import type { Recipient } from '../messages/recipient';
import type { Carriage, SendOutcome } from '../provider/send-outcome';
import type { DecisionRecord } from './decision';

/** One try to send a message, as the store keeps it. An attempt without an outcome was cut off. */
export interface AttemptRecord extends Carriage {
  /** Which try, from 1. */
  readonly number: number;
  /** The provider that was called; `via` is its member that carried it, where it is made of several. */
  readonly provider: string;
  /** The lease epoch under which it was made. */
  readonly epoch: number;
  /** When it began, milliseconds since 1970. */
  readonly started_at: number;
  /** When it ended, milliseconds since 1970. */
  readonly finished_at?: number;
  /** How it ended. */
  readonly outcome?: SendOutcome['status'];
  /** WhatsApp's id of what this try sent, when it is known. */
  readonly provider_message_id?: string;
  /** What went wrong. */
  readonly error?: ErrorBody;
  /**
   * What that was about, as the provider said: the message, this way to WhatsApp, or a limit that
   * passes (`pace`), which uses up none of the message's tries.
   */
  readonly scope?: 'message' | 'channel' | 'pace';
}

/** A message that was accepted, as the store keeps it. Times are milliseconds since 1970. */
export interface MessageRecord {
  /** `msg_…`. */
  readonly message_id: string;
  /** The tenant. */
  readonly workspace_id: string;
  /** The session that it goes out by. */
  readonly session_id: string;
  /** Its place in the order of acceptance, rising. Given by the store. */
  readonly position: number;
  /** Where it goes. */
  readonly recipient: Recipient;
  /** What it says. */
  readonly content: MessageContent;
  /** The message that it answers, by the gateway's id or the provider's. */
  readonly reply_to?: string;
  /** Which lane it takes. */
  readonly lane: LaneName;
  /** What happens when nobody can tell whether it left. */
  readonly on_ambiguous: OnAmbiguous;
  /** The key under which it was accepted. */
  readonly idempotency_key: string;
  /** When it was accepted. */
  readonly created_at: number;
  /** When it last changed. */
  readonly updated_at: number;
  /** Not before this time. */
  readonly send_at?: number;
  /** Not after this time. */
  readonly expires_at?: number;
  /** While it backs off: not before this time, and nothing to the same recipient overtakes it. */
  readonly retry_at?: number;
  /** How it stands. */
  readonly status: ReceiptStatus;
  /** WhatsApp's id, once known. */
  readonly provider_message_id?: string;
  /** The provider that carried it; of one made of several, the member. */
  readonly provider?: string;
  /** Every try so far. */
  readonly attempts: readonly AttemptRecord[];
  /** Why it failed, waits, or is unknown. */
  readonly error?: ErrorBody;
  /** What WhatsApp charges for it, once it has told. */
  readonly pricing?: MessagePricing;
  /** What somebody decided when nobody could tell whether it had left. */
  readonly decided?: DecisionRecord;
}

/** A message about to be accepted: what the store does not decide itself. */
export type NewMessage = Omit<
  MessageRecord,
  | 'position'
  | 'status'
  | 'attempts'
  | 'updated_at'
  | 'provider'
  | 'provider_message_id'
  | 'error'
  | 'pricing'
  | 'decided'
>;
