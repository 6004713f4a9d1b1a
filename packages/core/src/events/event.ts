import type { ErrorBody } from '../errors/gateway-error';
import type { Identity } from '../messages/identity';
import type { InboundMessage } from '../messages/inbound-message';
import type { MessagePricing } from '../messages/pricing';
import type { ReceiptStatus } from '../messages/receipt';
import type { AccountAlert, ContactUpdate, TemplateStatus } from '../provider/account-report';
import type { Account, ActionReason } from '../provider/provider-event';
import type { Hop } from '../provider/send-outcome';
import type { SessionState } from '../session/session-state';
import type { DisabledReason } from '../store/delivery-store';

/** What each type of event says. */
export interface EventDataByType {
  /** A session changed its state, or got further while it is `syncing`. */
  readonly 'session.state': {
    /** The state now. */
    readonly state: SessionState;
    /** The state before; the same one when it only got further. */
    readonly previous: SessionState;
    /** Why, as one word; for `action_required` one of a fixed set. */
    readonly reason?: ActionReason | (string & {});
    /** The account, once linked. */
    readonly account?: Account;
    /** The error that led here. */
    readonly error?: ErrorBody;
    /** While it is `syncing`: how far, 0 to 100, when its provider knows. Told once a second at most. */
    readonly percent?: number;
  };
  /** A QR to scan. */
  readonly 'session.qr': {
    /** The text of the QR. */
    readonly qr: string;
    /** When it stops working, ISO 8601. */
    readonly expires_at: string;
    /** The member that shows it, when the provider is made of several. */
    readonly member?: string;
  };
  /** A pairing code to type into the phone. */
  readonly 'session.pairing_code': {
    /** Eight characters. */
    readonly code: string;
    /** When it stops working, ISO 8601. */
    readonly expires_at: string;
    /** The member that shows it, when the provider is made of several. */
    readonly member?: string;
  };
  /** A message came in. */
  readonly 'message.received': InboundMessage;
  /** This account sent a message from elsewhere, such as the phone. */
  readonly 'message.echo': InboundMessage;
  /** A message of ours moved on. */
  readonly 'message.status': MessageStatusData;
  /** Nobody can tell whether a message left: an operator, or a later proof, decides. */
  readonly 'message.unknown': MessageStatusData;
  /** Somebody reacted. */
  readonly 'message.reaction': {
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
  };
  /** Somebody voted in a poll, voted differently, or took the vote back. */
  readonly 'message.poll_vote': {
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
  };
  /** A message was edited. */
  readonly 'message.edited': {
    /** WhatsApp's id of the message. */
    readonly provider_message_id: string;
    /** The chat. */
    readonly chat_id: string;
    /** The new text. */
    readonly text: string;
  };
  /** A message was deleted for everyone. */
  readonly 'message.revoked': {
    /** WhatsApp's id of the message. */
    readonly provider_message_id: string;
    /** The chat. */
    readonly chat_id: string;
  };
  /** A template of the account changed. */
  readonly 'template.status': TemplateStatus;
  /** Something about the account, its number or its standing that a person should know. */
  readonly 'account.alert': AccountAlert;
  /** A contact changed its number or its identity, or said what it wants to receive. */
  readonly 'contact.updated': ContactUpdate;
  /** Anything else that the provider was told, as it came. */
  readonly 'provider.notice': {
    /** What it is about, as the provider's platform calls it. */
    readonly topic: string;
    /** What was told. */
    readonly raw: unknown;
  };
  /** The workspace runs on another provider from now on. */
  readonly 'provider.switched': {
    /** The provider before. */
    readonly from: string;
    /** The provider now. */
    readonly to: string;
    /** Who asked for it: the id of a key, or a name. */
    readonly by: string;
  };
  /** A webhook endpoint is delivered to no more, until somebody enables it again. */
  readonly 'endpoint.disabled': {
    /** The endpoint. */
    readonly endpoint_id: string;
    /** Why. */
    readonly reason: DisabledReason;
  };
}

/** How a message of ours stands. */
export interface MessageStatusData {
  /** The gateway's id, `msg_…`. */
  readonly message_id: string;
  /** How it stands now. */
  readonly status: ReceiptStatus;
  /** WhatsApp's id, once known. */
  readonly provider_message_id?: string;
  /** The provider that carried it; of one made of several, the member. */
  readonly provider?: string;
  /** Which try this is about. */
  readonly attempt?: number;
  /** How that try came to this provider, in order, where it was not the first choice. */
  readonly hops?: readonly Hop[];
  /** Why it failed, or why nobody can tell. */
  readonly error?: ErrorBody;
  /** What WhatsApp charges for it, once it has told. */
  readonly pricing?: MessagePricing;
}

/** A type of event. */
export type EventType = keyof EventDataByType;

/** Something that happened, before the store gives it its `seq`. */
export type EventDraft = {
  [T in EventType]: {
    /** The event's id, `evt_…`: the dedupe key of whoever reads it. */
    readonly id: string;
    /** What happened. */
    readonly type: T;
    /** The session that it happened in; empty for what concerns the whole workspace. */
    readonly session_id: string;
    /** When, ISO 8601. */
    readonly time: string;
    /** The facts. */
    readonly data: EventDataByType[T];
    /** Dropped by the store when an event with the same key is in the workspace's log already. */
    readonly dedupe_key?: string;
  };
}[EventType];

/** Something that happened, as it stands in the log and travels over the wire. */
export type GatewayEvent = {
  [T in EventType]: {
    /** The event's id, `evt_…`. */
    readonly id: string;
    /** Its place in the workspace's log: 1, 2, 3 … without a gap. */
    readonly seq: number;
    /** What happened. */
    readonly type: T;
    /** The tenant. */
    readonly workspace_id: string;
    /** The session; empty for what concerns the whole workspace. */
    readonly session_id: string;
    /** When, ISO 8601. */
    readonly time: string;
    /** The facts. */
    readonly data: EventDataByType[T];
  };
}[EventType];

/** Every type of event, in the order of the documentation. */
export const eventTypes: readonly EventType[] = [
  'session.state',
  'session.qr',
  'session.pairing_code',
  'message.received',
  'message.echo',
  'message.status',
  'message.unknown',
  'message.reaction',
  'message.poll_vote',
  'message.edited',
  'message.revoked',
  'template.status',
  'account.alert',
  'contact.updated',
  'provider.notice',
  'provider.switched',
  'endpoint.disabled',
];
