/**
 * A provider whose WhatsApp lives in memory and does what a script says.
 * @packageDocumentation
 */

// The provider
export type { ScriptedAbility } from './abilities';
// The world
export type { StartStep } from './connection';
export type { ScriptedCall, ScriptedEffect, ScriptedGesture, ScriptedOverlap } from './ledger';
export type { ScriptedAccount } from './scripted-account';
export { type ScriptedProviderOptions, scriptedProvider } from './scripted-provider';
export { ScriptedWhatsApp, type ScriptedWhatsAppOptions } from './scripted-whatsapp';
export type { ReceiptTimes, ScriptedSend, SendScript } from './send-script';
export type { SessionName } from './session-name';
