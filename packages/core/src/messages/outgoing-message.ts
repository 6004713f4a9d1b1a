import type { MessageContent } from './content';
import type { Recipient } from './recipient';

/** What the lane does when nobody can tell whether a message left. */
export type OnAmbiguous = 'hold' | 'retry';

/** Which of a session's two lanes a message takes; `interactive` goes before `bulk`. */
export type LaneName = 'interactive' | 'bulk';

/** A message as an application hands it in. Wire shape of `POST /internal/send-message`. */
export type SendRequest = MessageContent & {
  /** E.164 digits, a group id, a chat id or a business-scoped user id. */
  readonly to: string;
  /** Answers this message: the gateway's id (`msg_…`) or the provider's. */
  readonly reply_to?: string;
  /** Default `hold`: an ambiguous send is never repeated by itself. `retry` is at-least-once. */
  readonly on_ambiguous?: OnAmbiguous;
  /** When the message loses its point, ISO 8601; it ends `expired` if it has not left by then. */
  readonly expires_at?: string;
  /** Not before this time, ISO 8601. */
  readonly send_at?: string;
  /** Default `interactive`. */
  readonly lane?: LaneName;
};

/** A message as a provider gets it: checked, and with ids resolved to the provider's own. */
export interface OutgoingMessage {
  /** The gateway's id, `msg_…`. */
  readonly message_id: string;
  /** Where it goes. */
  readonly recipient: Recipient;
  /** What it says. A reaction's `message_id` is the provider's by now. */
  readonly content: MessageContent;
  /** The provider's id of the message that this one answers. */
  readonly reply_to?: string | undefined;
}
