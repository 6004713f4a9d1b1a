import type { GatewayError } from '../errors/gateway-error';
import type { Identity } from '../messages/identity';
import type { InboundMessage } from '../messages/inbound-message';
import type { MessagePricing } from '../messages/pricing';
import type { AccountAlert, ContactUpdate, TemplateStatus } from './account-report';
import type { Attempt } from './attempt';

/** Why a session needs a person. */
export type ActionReason =
  /** WhatsApp wants a passkey to link. */
  | 'passkey'
  /** A dialogue in the page waits for a click. */
  | 'modal'
  /** WhatsApp blocked the account or the address. */
  | 'blocked'
  /** WhatsApp no longer lets this version of WhatsApp Web in. */
  | 'outdated'
  /** The account was opened elsewhere, and taking over is not allowed. */
  | 'conflict'
  /** The profile is in use by another process or machine. */
  | 'lock_held_elsewhere';

/** What a provider was told to carry along with a send, and a report hands back. */
export interface MessageTracker {
  /** The gateway's id of the message, `msg_…`. */
  readonly message_id: string;
  /** Which attempt it was, from 1. */
  readonly attempt: Attempt['number'];
}

/** What a provider knows of the account that it is linked to. */
export type Account = Identity & {
  /** The phone's system or the product's name, such as `android`. */
  readonly platform?: string;
};

/** Links the provider to the session's states. */
export type ProviderEvent =
  | {
      /** A QR to scan. Emitted again whenever it changes. */
      readonly type: 'qr';
      /** The text of the QR. Secret: whoever scans it owns the link. */
      readonly text: string;
      /** When it stops working, milliseconds since 1970. */
      readonly expiresAt: number;
      /** The member that shows it, when the provider is made of several. */
      readonly member?: string;
      /** Whether other members carry the session, or are about to: it moves nothing. Default: false. */
      readonly aside?: boolean;
    }
  | {
      /** A pairing code to type into the phone; also sent when WhatsApp renews it. */
      readonly type: 'pairing_code';
      /** Eight characters. Secret. */
      readonly code: string;
      /** When it stops working, milliseconds since 1970. */
      readonly expiresAt: number;
      /** The member that shows it, when the provider is made of several. */
      readonly member?: string;
      /** Whether other members carry the session, or are about to: it moves nothing. Default: false. */
      readonly aside?: boolean;
    }
  | {
      /** Linked, and loading chats. */
      readonly type: 'syncing';
      /** How far, a whole number from 0 to 100, when known. Reported as often as it changes. */
      readonly percent?: number;
    }
  | {
      /** Ready to send. A level, not an edge: may come again after a resync. */
      readonly type: 'ready';
      /** The account. */
      readonly account: Account;
    }
  | {
      /** The connection is gone for now but the provider mends it itself; sends wait. */
      readonly type: 'interrupted';
      /** Why, as one word. */
      readonly reason: string;
    }
  | {
      /** The provider is dead: the session stops it and starts a new one, with back-off. */
      readonly type: 'down';
      /** What happened. */
      readonly error: GatewayError;
    }
  | {
      /** The account's owner, or WhatsApp, ended the link. Nothing is restarted. */
      readonly type: 'logged_out';
      /** Why, as one word. */
      readonly reason: string;
    }
  | {
      /** Only a person can go on. Nothing is restarted by itself. */
      readonly type: 'action_required';
      /** What for. */
      readonly reason: ActionReason;
      /**
       * Whether the provider stays up and reports how it stands once the person acted, such as
       * `ready`; sends wait until then. Default false: it has ended, and is started again by hand.
       */
      readonly waiting?: boolean;
    }
  | {
      /** A message came in. */
      readonly type: 'message.received';
      /** The message. */
      readonly message: InboundMessage;
    }
  | {
      /** A message of this account's own, ours or sent from the phone. The session tells which. */
      readonly type: 'message.echo';
      /** The message. */
      readonly message: InboundMessage;
    }
  | {
      /** How far a message of ours is. */
      readonly type: 'message.receipt';
      /** WhatsApp's id of the message. */
      readonly provider_message_id: string;
      /** How far. */
      readonly status: 'sent' | 'delivered' | 'read' | 'played' | 'failed';
      /** Why it failed. */
      readonly error?: GatewayError;
      /** When, milliseconds since 1970, when the provider knows. */
      readonly at?: number;
      /** What the send carried along: proves which attempt this is about, even when its answer was lost. */
      readonly tracker?: MessageTracker;
      /** What WhatsApp charges for it. */
      readonly pricing?: MessagePricing;
    }
  | {
      /** Somebody reacted to a message, or took a reaction back. */
      readonly type: 'message.reaction';
      /** WhatsApp's id of the message reacted to. */
      readonly provider_message_id: string;
      /** Who reacted. */
      readonly from: Identity;
      /** The chat. */
      readonly chat_id: string;
      /** The emoji; empty when taken back. */
      readonly emoji: string;
      /** When, ISO 8601. */
      readonly timestamp: string;
    }
  | {
      /** Somebody voted in a poll, voted differently, or took the vote back. */
      readonly type: 'message.poll_vote';
      /** WhatsApp's id of the poll. */
      readonly provider_message_id: string;
      /** Who voted. */
      readonly from: Identity;
      /** The chat. */
      readonly chat_id: string;
      /** Everything that is chosen now, as the poll words it; empty when taken back. */
      readonly options: readonly string[];
      /** When, ISO 8601. */
      readonly timestamp: string;
    }
  | {
      /** A message's text or caption was changed. */
      readonly type: 'message.edited';
      /** WhatsApp's id of the message. */
      readonly provider_message_id: string;
      /** The chat. */
      readonly chat_id: string;
      /** The new text. */
      readonly text: string;
      /** What tells this change from another of the same message, where a platform may tell it twice. Default: each report is a change. */
      readonly key?: string;
    }
  | {
      /** A message was deleted for everyone. */
      readonly type: 'message.revoked';
      /** WhatsApp's id of the message. */
      readonly provider_message_id: string;
      /** The chat. */
      readonly chat_id: string;
    }
  | {
      /** A template of the account was approved, refused, paused, graded or moved to another category. */
      readonly type: 'template.status';
      /** The facts. */
      readonly template: TemplateStatus;
      /** What tells one such report from another; a repeated report has the same. */
      readonly key: string;
    }
  | {
      /** Something about the account, its number or its standing that a person should know. */
      readonly type: 'account.alert';
      /** The facts. */
      readonly alert: AccountAlert;
      /** What tells one such report from another; a repeated report has the same. */
      readonly key: string;
    }
  | {
      /** A contact changed its number or its identity, or said what it wants to receive. */
      readonly type: 'contact.updated';
      /** The facts. */
      readonly contact: ContactUpdate;
      /** What tells one such report from another; a repeated report has the same. */
      readonly key: string;
    }
  | {
      /** Anything else that the provider was told: passed on as it came, never dropped. */
      readonly type: 'provider.notice';
      /** What it is about, as the provider's platform calls it. */
      readonly topic: string;
      /** What was told, as it came. */
      readonly raw: unknown;
      /** What tells one such report from another; a repeated report has the same. */
      readonly key: string;
    };
