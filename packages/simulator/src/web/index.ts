/**
 * WhatsApp Web, simulated: an unmodified whatsapp-web.js in an unmodified Chromium runs against it,
 * offline.
 * @packageDocumentation
 */

// People and groups
export type { ContactSource } from './accounts/directory';
export type { GroupSource } from './accounts/group';
// Messages
export type { Address } from './address';
export type { WebSimulatorEvents } from './events';
export { type Faults, faultModes, noFaults } from './faults';
export type { StoredMedia } from './media/media-vault';
export { type AckMode, ackModes } from './network/ack-mode';
export type { Content, MediaKind, MediaSource, ReadMessage } from './network/content';
export type { Effect } from './network/effect-ledger';
export type { Delivery } from './network/post-office';
export { defaultTimings, type Timings, type WebSimulatorOptions } from './options';
// Pairing, acknowledgements, faults, states
export type { WaitingQr } from './pairing/pairing-desk';
export { type ChatSummary, Phone, type PhoneOwner } from './phone';
// The simulator
export { WebSimulator } from './web-simulator';
export type { PageState, WireGroup } from './wire';
