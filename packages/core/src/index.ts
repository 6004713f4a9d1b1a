/**
 * What a WhatsApp gateway is: the ports (provider, store, clock, logger), messages, sessions, the
 * outbox, events, errors and signing. It has no HTTP, no disk and no browser.
 * @packageDocumentation
 */

// Sessions
export type { BackoffOptions } from './backoff';
// Foundations
export { type CancelTimer, type Clock, systemClock } from './clock';
export { type ErrorCode, type ErrorCodeInfo, errorCodes, isErrorCode } from './errors/error-codes';
export {
  type ErrorBody,
  GatewayError,
  type GatewayErrorOptions,
  isGatewayError,
  toGatewayError,
} from './errors/gateway-error';
// Events
export {
  type EventDataByType,
  type EventDraft,
  type EventType,
  eventTypes,
  type GatewayEvent,
  type MessageStatusData,
} from './events/event';
export { type FollowOptions, follow } from './events/follow';
// The gateway
export { type Accepted, idempotencyKeyPattern, type SendOptions } from './gateway/accept-message';
export { Gateway } from './gateway/gateway';
export type { GatewayOptions } from './gateway/gateway-options';
export type { SwitchRequest } from './gateway/provider-switch';
export { defaultRetention, type RetentionOptions } from './gateway/retention';
export { Workspace } from './gateway/workspace';
export {
  type ProviderSettings,
  parseWorkspaceConfig,
  type SessionConfig,
  type WorkspaceConfig,
} from './gateway/workspace-config';
export {
  firstOf,
  type LookUp,
  staticWorkspaces,
  storedWorkspaces,
  type WorkspaceChange,
  type WorkspaceSource,
} from './gateway/workspace-source';
export { idPattern, isId, newId, toId } from './ids';
export { Intake } from './intake/intake';
export type { PostedWebhook } from './intake/reception';
export { Unclaimed } from './intake/unclaimed';
export { type LogFields, type LogFunction, type Logger, silentLogger, withFields } from './logger';
// Messages
export type {
  ContactAddress,
  ContactCard,
  ContactEmail,
  ContactName,
  ContactOrganization,
  ContactPhone,
  ContactUrl,
} from './messages/contact-card';
export type {
  ContentByType,
  LocationContent,
  MediaContent,
  MediaType,
  MessageContent,
  MessageType,
  PollContent,
  ReactionContent,
  TextContent,
} from './messages/content';
export type { Identity } from './messages/identity';
export type { InboundMedia, InboundMessage } from './messages/inbound-message';
export { contentSchemas, messageTypes } from './messages/message-schemas';
export type {
  LaneName,
  OnAmbiguous,
  OutgoingMessage,
  SendRequest,
} from './messages/outgoing-message';
export {
  assertInTime,
  type ParsedSendRequest,
  parseSendRequest,
} from './messages/parse-send-request';
export type { MessagePricing } from './messages/pricing';
export {
  isSettled,
  mergeReceipts,
  type ReceiptStatus,
  receiptStatuses,
} from './messages/receipt';
export { parseRecipient, type Recipient } from './messages/recipient';
export type {
  InteractiveContent,
  TemplateComponent,
  TemplateContent,
  TemplateParameter,
} from './messages/template-content';
// Addresses that others name
export {
  AddressGuard,
  type AddressGuardOptions,
  type Connector,
  type ConnectTarget,
  guardedConnect,
} from './net/address-guard';
export { isPublicAddress } from './net/public-address';
export type { Observer } from './observer';
export { type AttemptPolicy, defaultAttemptPolicy } from './outbox/attempt-policy';
export { type Decision, type DecisionRecord, decisions } from './outbox/decision';
// The outbox
export type { AttemptRecord, MessageRecord, NewMessage } from './outbox/message-record';
export type { Receipt } from './outbox/receipts';
export type { AttemptOutcome, AttemptResult, Transition } from './outbox/transitions';
// The provider port
export {
  type AbilityName,
  abilitiesOf,
  abilityNames,
  type Blocking,
  type DownloadedMedia,
  type Logout,
  type MarkRead,
  type MediaDownload,
  type MediaUpload,
  type MediaUploadRequest,
  type MemberAbilities,
  type Pairing,
  type PairingCode,
  type ProviderAbilities,
  type Reconciliation,
  type Typing,
  type UploadedMedia,
} from './provider/abilities';
export type { AccountAlert, ContactUpdate, TemplateStatus } from './provider/account-report';
export type { Attempt } from './provider/attempt';
export type { MemberState, MemberStatus } from './provider/member-status';
export type { HeaderOf, PlatformWebhook, WebhookPart } from './provider/platform-webhook';
export type {
  Pace,
  Provider,
  ProviderCapabilities,
  ProviderContext,
  ProviderFactory,
} from './provider/provider';
export type {
  Account,
  ActionReason,
  MessageTracker,
  ProviderEvent,
} from './provider/provider-event';
export type {
  BusinessProfile,
  CodeRequest,
  Registration,
  RegistrationRequest,
} from './provider/registration';
export type { SendLimits } from './provider/send-limits';
export type {
  Carriage,
  Hop,
  NotSentOutcome,
  RejectedOutcome,
  SendOutcome,
  SentOutcome,
  UnknownOutcome,
} from './provider/send-outcome';
export type {
  CreatedTemplate,
  NewTemplate,
  ParameterFormat,
  TemplateEdit,
  TemplateInfo,
  TemplatePage,
  TemplatePart,
  Templates,
} from './provider/templates';
export { defaultLeaseTimings, type LeaseTimings } from './session/lease-keeper';
export type { QrCode } from './session/pairing-window';
export { Session, type WaitOptions } from './session/session';
export {
  defaultSessionTimings,
  type SessionTimings,
} from './session/session-context';
export { SessionManager } from './session/session-manager';
export { canMove, isRunning, type SessionState, sessionStates } from './session/session-state';
export type { SessionStatus } from './session/session-status';
// The store port
export type {
  Delivery,
  DeliveryStore,
  DisabledReason,
  DueRequest,
  WebhookEndpoint,
} from './store/delivery-store';
export {
  type Consumer,
  type ConsumerQuery,
  type EventPage,
  type EventQuery,
  type EventStore,
  type LogBounds,
  ownConsumers,
} from './store/event-store';
export type {
  IntakeDepth,
  IntakeEntry,
  IntakeStore,
  QuarantinedEntry,
  ReleaseTo,
  WaitingSession,
} from './store/intake-store';
export {
  type Acquisition,
  type Lease,
  type LeaseStore,
  sessionResource,
} from './store/lease-store';
export { MemoryStore } from './store/memory/memory-store';
export type { NonceStore, NonceUse } from './store/nonce-store';
export type {
  AcceptResult,
  ClaimResult,
  DecideRequest,
  MessageQuery,
  OutboxDepth,
  OutboxStore,
  PruneRequest,
  ReplayResult,
  SessionFence,
} from './store/outbox-store';
export type { SessionRecord, SessionStore } from './store/session-store';
export type { Durability, Store } from './store/store';
export type { ProviderChoice, WorkspaceStore } from './store/workspace-store';
export { type DeadlineOptions, delay, withDeadline } from './wait';
// Webhooks out
export { deliveryLimits, deliveryWaits } from './webhooks/delivery-schedule';
export type { EndpointRequest } from './webhooks/endpoint-request';
export type { WebhookContext } from './webhooks/webhook-context';
export type { WebhookAnswer, WebhookRequest, WebhookTransport } from './webhooks/webhook-transport';
export { Webhooks } from './webhooks/webhooks';
