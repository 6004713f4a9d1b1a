import type { Address } from './address';
import type { DialogKind } from './dialog';
import type { ReadMessage } from './network/content';
import type { Effect } from './network/effect-ledger';
import type { PageState } from './page-state';

/** A page that is not linked yet. */
export interface UnlinkedPageEvent {
  /** The page's name at the simulator. */
  readonly page: string;
}

/** A page shows a QR. */
export interface QrEvent extends UnlinkedPageEvent {
  /** The text of the QR: what `scan` takes. */
  readonly text: string;
}

/** A page shows a pairing code. */
export interface CodeEvent extends UnlinkedPageEvent {
  /** The code: what `enterCode` takes. */
  readonly code: string;
  /** The number that it was made for. */
  readonly number: string;
}

/** Something happened to an account. */
export interface AccountEvent {
  /** The account's number. */
  readonly number: string;
}

/** An account's pages were logged out. */
export interface LoggedOutEvent extends AccountEvent {
  /** By the owner on the phone, or by the library in the page. */
  readonly by: 'phone' | 'library';
}

/** A page was told a state. */
export interface StateEvent extends AccountEvent {
  /** The state. */
  readonly state: PageState;
}

/** A dialogue was laid over an account's pages, or it went. */
export interface DialogEvent extends AccountEvent {
  /** What lies there now; absent when nothing does. */
  readonly kind?: DialogKind;
}

/** A message was sent or arrived. */
export interface MessageEvent extends AccountEvent {
  /** The message, from the account's side. */
  readonly message: ReadMessage;
}

/** The acknowledgement of a sent message moved. */
export interface AcknowledgedEvent extends AccountEvent {
  /** The message's bare id. */
  readonly id: string;
  /** -1 refused, 1 at the server, 2 at the device, 3 read, 4 played. */
  readonly ack: number;
}

/** An account types, records, or stopped. */
export interface TypingEvent extends AccountEvent {
  /** In which chat. */
  readonly to: Address;
  /** What it does. */
  readonly state: 'composing' | 'recording' | 'paused';
}

/** An account has read a chat. */
export interface SeenEvent extends AccountEvent {
  /** Which chat. */
  readonly chat: Address;
}

/** What a `WebSimulator` tells: event name to what its listeners get. */
export interface WebSimulatorEvents {
  /** A page shows a QR. */
  qr: [QrEvent];
  /** A page went idle: its QR codes are used up. */
  qr_expired: [UnlinkedPageEvent];
  /** A page asked for a pairing code. */
  code: [CodeEvent];
  /** A page was linked to an account. */
  paired: [AccountEvent];
  /** A page of an account is connected. */
  connected: [AccountEvent];
  /** A page of an account was told that it is synchronised. */
  synced: [AccountEvent];
  /** A page of an account lost its socket. */
  disconnected: [AccountEvent];
  /** An account's pages were logged out. */
  logged_out: [LoggedOutEvent];
  /** A page was told a state. */
  state: [StateEvent];
  /** A page waits for a passkey before it is linked. */
  passkey: [AccountEvent];
  /** A dialogue was laid over an account's pages, or somebody answered it. */
  dialog: [DialogEvent];
  /** An account sent a message, and the server accepted it. */
  sent: [MessageEvent];
  /** A message reached an account. */
  delivered: [MessageEvent];
  /** A message's acknowledgement moved. */
  acknowledged: [AcknowledgedEvent];
  /** The server accepted something that others can see. */
  effect: [Effect];
  /** An account types, records, or stopped. */
  typing: [TypingEvent];
  /** An account has read a chat. */
  seen: [SeenEvent];
  /** Anything happened that a view of the simulator should show. */
  changed: [];
}

/** Tells one event. */
export type Publish = <Name extends keyof WebSimulatorEvents>(
  name: Name,
  ...payload: WebSimulatorEvents[Name]
) => void;
