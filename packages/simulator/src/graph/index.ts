// biome-ignore-all assist/source/organizeImports: a table of contents keeps its own order.
/**
 * Meta's WhatsApp Cloud API (Graph API), simulated on loopback: messages, media, templates,
 * registration, webhooks, limits, and faults at every byte.
 * @packageDocumentation
 */

// The simulator
export { GraphSimulator } from './graph-simulator';
export { GraphControls } from './graph-controls';
export {
  allLimits,
  defaultGraphTimings,
  type GraphLimits,
  type GraphSimulatorOptions,
  type GraphTimings,
  type LinkedMedia,
  type ReceiptMode,
  receiptModes,
} from './options';
export type {
  GraphSimulatorEvents,
  ReadMarkEvent,
  RequestEvent,
  StatusEvent,
  WebhookEvent,
} from './events';

// Businesses
export type { Business, BusinessSource } from './world/business';
export type { AppSource, GraphApp } from './world/app';
export type {
  BusinessAccount,
  BusinessAccountSource,
  Subscription,
} from './world/business-account';
export type {
  BusinessNumber,
  BusinessNumberChange,
  BusinessNumberSource,
  BusinessProfile,
  Quality,
  ThroughputTier,
} from './world/business-number';
export {
  type AccessToken,
  type AccessTokenSource,
  type Permission,
  permissions,
} from './world/access-token';
export {
  type ParameterFormat,
  type Template,
  type TemplateButton,
  type TemplateCategory,
  type TemplatePart,
  type TemplateSource,
  type TemplateStatus,
  templateStatuses,
} from './world/template';
export { type ReviewMode, reviewModes } from './templates/reviews';

// Customers and messages
export type { Contact, GraphContactSource } from './world/contact';
export { CustomerPhone, type CustomerMessageOptions } from './phone/customer-phone';
export type { CustomerMedia } from './phone/customer-media';
export {
  type CustomerContents,
  type CustomerLocation,
  customerContents,
  type OrderItem,
} from './phone/customer-contents';
export type { JsonObject, ParsedMessage } from './messages/parse-message';
export type { MessageStatus, SentMessage, StatusStep, WebhookState } from './messages/sent-message';
export type { GraphEffect } from './ledger';
export type { GraphMedia } from './media/media-shelf';

// Webhooks
export { WebhookControls } from './webhooks/webhook-controls';
export type { HistoryMessage } from './webhooks/account-values';
export { fairConditions, type WebhookConditions } from './webhooks/conditions';
export { escapedJson, signatureOf } from './webhooks/signature';

// Errors and faults
export { GraphError, type GraphErrorDetails, type WireStatusError } from './errors/graph-error';
export { type GraphErrorInfo, graphErrors } from './errors/graph-error-table';
export { type ActiveFault, FaultBoard, type FaultSubject } from './faults/fault-board';
export {
  type CutRequestFault,
  type CutResponseFault,
  type DelayFault,
  type ErrorFault,
  type FaultMatch,
  type FaultRule,
  type GarbageFault,
  type GraphFault,
  graphFaultKinds,
  type HangFault,
  type RefuseFault,
  type RequestFault,
  type StatusFault,
  type TruncateFault,
} from './faults/fault';

// Control over HTTP
export { GraphControlServer } from './control/control-server';
export type { ControlServerOptions } from '../control/control-http';
export {
  type GraphControlCall,
  type GraphControlRoute,
  graphControlRoutes,
} from './control/routes';
export type { SimulatorCall, SimulatorRoute } from '../control/control-route';
export { JsonBody } from '../control/json-body';
export { type ControlTable, RoutedControls } from '../control/routed-controls';
export type { EventSource, StreamedEvents } from '../control/event-stream';
