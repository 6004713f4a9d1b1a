// biome-ignore-all assist/source/organizeImports: a table of contents keeps its own order.
/**
 * WhatsApp Web, simulated: an unmodified whatsapp-web.js in an unmodified Chromium runs against it,
 * offline.
 * @packageDocumentation
 */

// The simulator
export { WebSimulator } from './web-simulator';
export { MessageControls } from './message-controls';
export { defaultTimings, type Timings, type WebSimulatorOptions } from './options';
export type {
  AccountEvent,
  AcknowledgedEvent,
  CodeEvent,
  DialogEvent,
  LoggedOutEvent,
  MessageEvent,
  QrEvent,
  SeenEvent,
  StateEvent,
  TypingEvent,
  UnlinkedPageEvent,
  WebSimulatorEvents,
} from './events';
export { type ChatSummary, Phone, type PhoneOwner } from './phone';

// Messages
export type { Address } from './address';
export type {
  CiphertextContent,
  ContactsContent,
  Content,
  LocationContent,
  MediaContent,
  MediaKind,
  MediaSource,
  PollContent,
  RawContent,
  ReadMessage,
  TextContent,
} from './network/content';
export type { Delivery } from './network/post-office';
export type { Effect } from './network/effect-ledger';
export type { StoredMedia } from './media/media-vault';

// People and groups
export type { ContactSource } from './accounts/directory';
export type { GroupSource } from './accounts/group';
export type { WireGroup, WireParticipant } from './wire';

// Pairing, acknowledgements, faults, states
export type { WaitingCode, WaitingQr } from './pairing/pairing-desk';
export { type AckMode, ackModes } from './network/ack-mode';
export { type DialogKind, dialogKinds } from './dialog';
export { type Faults, faultModes, noFaults } from './faults';
export { type PageState, pageStates } from './page-state';

// Control over HTTP
export { ControlServer } from './control/control-server';
export type { ControlServerOptions } from '../control/control-http';
export { type ControlCall, type ControlRoute, controlRoutes } from './control/routes';
export type { SimulatorCall, SimulatorRoute } from '../control/control-route';
export { JsonBody } from '../control/json-body';
export { type ControlTable, RoutedControls } from '../control/routed-controls';
export type { EventSource, StreamedEvents } from '../control/event-stream';
