import type { Attempt, GatewayError, OutgoingMessage } from '@blazz/core';
import type { SessionName } from './session-name';

/** When recipients acknowledge a message, in milliseconds after WhatsApp took it. */
export interface ReceiptTimes {
  /** When it reaches the recipient's phone. Left out: never. */
  readonly deliveredMs?: number;
  /** When it is read. Left out: never. */
  readonly readMs?: number;
}

/** What happens to one send. Times are milliseconds of the world's clock. */
export type ScriptedSend =
  | {
      /** WhatsApp takes the message at once and answers. */
      readonly outcome: 'sent';
      /** How long the answer takes. Default: 0. */
      readonly afterMs?: number;
      /** How recipients acknowledge it. Default: as the world says. */
      readonly receipts?: ReceiptTimes;
    }
  | {
      /** WhatsApp says no. */
      readonly outcome: 'rejected';
      /** How long the answer takes. Default: 0. */
      readonly afterMs?: number;
      /** Why. Default: `rejected`. */
      readonly error?: GatewayError;
      /** What the refusal is about. Default: left out, which means the message. */
      readonly scope?: 'message' | 'channel';
    }
  | {
      /** Nothing leaves. */
      readonly outcome: 'not_sent';
      /** How long that takes. Default: 0. */
      readonly afterMs?: number;
      /** Why. Default: `not_ready`. */
      readonly error?: GatewayError;
      /** How long to wait before the next try, as the provider tells the lane. */
      readonly retryAfterMs?: number;
      /** What keeps it. Default: left out, which means the channel. */
      readonly scope?: 'pace' | 'channel';
    }
  | {
      /** The answer is lost. */
      readonly outcome: 'unknown';
      /** Whether WhatsApp took the message. */
      readonly effect: boolean;
      /** Whether the page had given an id before the answer was lost. Default: false. */
      readonly id?: boolean;
      /** How long that takes. Default: 0. */
      readonly afterMs?: number;
      /** What kept the answer away. Default: `timeout`. */
      readonly error?: GatewayError;
    }
  | {
      /** Nobody answers until the send is aborted or the session dies. */
      readonly outcome: 'hang';
      /** Whether WhatsApp took the message. */
      readonly effect: boolean;
    }
  | {
      /** The provider breaks its promise and throws. */
      readonly outcome: 'throw';
      /** Whether WhatsApp took the message. */
      readonly effect: boolean;
      /** What is thrown; need not be an error. Default: a `TypeError`. */
      readonly error?: unknown;
    };

/** Says what happens to a send. Called once for each attempt. */
export type SendScript = (
  message: OutgoingMessage,
  attempt: Attempt,
  session: SessionName,
) => ScriptedSend;
