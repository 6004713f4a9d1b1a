import type {
  AttemptRecord,
  DecisionRecord,
  ErrorBody,
  GatewayEvent,
  Hop,
  LaneName,
  MessageContent,
  MessagePricing,
  OnAmbiguous,
  ReceiptStatus,
} from '@blazz/core';

/** How a send stands. */
export interface SendResult {
  /** The gateway's id, `msg_…`. */
  readonly message_id: string;
  /** The tenant. */
  readonly workspace_id: string;
  /** The session that it goes out by. */
  readonly session_id: string;
  /** How it stands: `sent` or further when WhatsApp has it, otherwise how far it is. */
  readonly status: ReceiptStatus;
  /** The provider that carries it, once known. */
  readonly provider?: string;
  /** WhatsApp's id, once known. */
  readonly provider_message_id?: string;
  /** How it came to this provider, in order, where it was not the first choice. */
  readonly hops?: readonly Hop[];
  /** Why it waits, or why nobody can tell. */
  readonly error?: ErrorBody;
  /** The key that it was sent with: the caller's, or the one made for it. */
  readonly idempotency_key: string;
  /** Whether the key had been used before, and this is how that message stands now. */
  readonly replayed: boolean;
}

/** One try to send a message. Times are ISO 8601. */
export type Attempt = Omit<AttemptRecord, 'epoch' | 'started_at' | 'finished_at'> & {
  /** When it began. */
  readonly started_at: string;
  /** When it ended. */
  readonly finished_at?: string;
};

/** A message, its attempts and how it stands. Times are ISO 8601. */
export type Message = MessageContent & {
  /** The gateway's id, `msg_…`. */
  readonly message_id: string;
  /** The tenant. */
  readonly workspace_id: string;
  /** The session that it goes out by. */
  readonly session_id: string;
  /** Its place in the order of acceptance. */
  readonly position: number;
  /** Where it goes. */
  readonly to: string;
  /** Which lane it takes. */
  readonly lane: LaneName;
  /** What happens when nobody can tell whether it left. */
  readonly on_ambiguous: OnAmbiguous;
  /** The key that it was accepted under. */
  readonly idempotency_key: string;
  /** How it stands. */
  readonly status: ReceiptStatus;
  /** When it was accepted. */
  readonly created_at: string;
  /** When it last changed. */
  readonly updated_at: string;
  /** Not before this time. */
  readonly send_at?: string;
  /** Not after this time. */
  readonly expires_at?: string;
  /** While it backs off: not before this time. */
  readonly retry_at?: string;
  /** The message that it answers. */
  readonly reply_to?: string;
  /** The provider that carried it. */
  readonly provider?: string;
  /** WhatsApp's id, once known. */
  readonly provider_message_id?: string;
  /** Every try so far. */
  readonly attempts: readonly Attempt[];
  /** Why it failed, waits, or is unknown. */
  readonly error?: ErrorBody;
  /** What WhatsApp charges for it, once it has told. */
  readonly pricing?: MessagePricing;
  /** What somebody decided when nobody could tell whether it had left. */
  readonly decided?: Omit<DecisionRecord, 'at'> & {
    /** When. */
    readonly at: string;
  };
};

/** A page of messages, newest first. */
export interface MessagePage {
  /** The messages. */
  readonly messages: readonly Message[];
  /** What to give as `cursor` for the next page; missing on the last one. */
  readonly next_cursor?: string;
}

/** A stretch of a workspace's event log. */
export interface EventPage {
  /** The events, oldest first. */
  readonly events: readonly GatewayEvent[];
  /** What to give as `after` for the next stretch. */
  readonly next: number;
  /** The oldest `seq` that is still kept. */
  readonly oldest_seq: number;
  /** The newest `seq`. */
  readonly head_seq: number;
}

/** The named readers of a workspace's events, by name. */
export interface ConsumerPage {
  /** Where each of them stands. */
  readonly consumers: readonly {
    /** Its name. */
    readonly consumer: string;
    /** The `seq` that it acknowledged last. */
    readonly seq: number;
    /** When it was seen last, ISO 8601. */
    readonly seen_at: string;
  }[];
  /** The newest `seq`. */
  readonly head_seq: number;
  /** What to give as `cursor` for the next page; missing on the last one. */
  readonly next_cursor?: string;
}

/** A QR to scan. Whoever scans it owns the link: show it to the account's owner only. */
export interface PairingQr {
  /** The tenant. */
  readonly workspace_id: string;
  /** The session. */
  readonly session_id: string;
  /** The text of the QR. */
  readonly qr: string;
  /** The QR as a picture: a `data:image/png;base64,…` link. */
  readonly qr_image: string;
  /** When it stops working, ISO 8601. */
  readonly expires_at: string;
}

/** A code to type into the phone. Whoever types it in owns the link. */
export interface PairingCodeAnswer {
  /** The tenant. */
  readonly workspace_id: string;
  /** The session. */
  readonly session_id: string;
  /** Eight characters. */
  readonly code: string;
  /** When it stops working, ISO 8601. */
  readonly expires_at: string;
}

/** A ticket with which a browser opens the event stream: once, within 30 seconds. */
export interface StreamTicket {
  /** The ticket. */
  readonly ticket: string;
  /** When it stops working, ISO 8601. */
  readonly expires_at: string;
  /** What to give to `new WebSocket(url, protocols)`, the ticket included. */
  readonly protocols: readonly string[];
}

/** How an instance is. Further fields are the instance's own. */
export interface Health {
  /** `ok` when it takes work. */
  readonly status: string;
  /** Whatever else the instance tells. */
  readonly [field: string]: unknown;
}
