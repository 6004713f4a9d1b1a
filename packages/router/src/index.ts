/**
 * The application's side of the gateway: the client that signs, and the feed that follows the
 * event log.
 * @packageDocumentation
 */

// The client
export type {
  Attempt,
  ConsumerPage,
  EventPage,
  Health,
  Message,
  MessagePage,
  PairingCodeAnswer,
  PairingQr,
  SendResult,
  StreamTicket,
} from './client/answers';
export type { CallOptions } from './client/call';
export { GatewayClient } from './client/gateway-client';
export type { ClientKey, GatewayClientOptions } from './client/gateway-client-options';
export { NumberCalls } from './client/number-calls';
export type {
  ConsumerListQuery,
  DecisionRequest,
  EventListQuery,
  MessageListQuery,
  Sender,
  SendMessageRequest,
  SendOptions,
  SendTemplateRequest,
  ShortText,
} from './client/requests';
export { RetryBudget, type RetryBudgetOptions } from './client/retry-budget';
export type { SessionCallOptions } from './client/session-calls';
export { TemplateCalls, type TemplateListQuery } from './client/template-calls';
// The feed
export { EventFeed } from './feed/event-feed';
export type { EventFeedOptions, FeedStatus } from './feed/event-feed-options';
export type { FeedItem, StreamGap } from './feed/feed-item';
