/**
 * The private protocol between the simulated page and its server: JSON frames over one WebSocket.
 * Only types live here, because the page's code cannot import anything at run time.
 */

import type { DialogKind } from './dialog';
import type { PageState } from './page-state';

/** A message as one account sees it. */
export interface WireMessage {
  /** The bare message id, for example `3EB0…`. */
  readonly id: string;
  /** The chat's jid, from this account's point of view. */
  readonly chat: string;
  /** Whether this account wrote it. */
  readonly from_me: boolean;
  /** In groups: the jid of the participant who wrote it. */
  readonly author?: string;
  /** When it was written, in seconds since 1970. */
  readonly t: number;
  /** -1 refused, 0 pending, 1 at the server, 2 at the device, 3 read, 4 played. */
  ack: number;
  /** WhatsApp Web's own type: `chat`, `image`, `ptt`, `poll_creation`, `revoked` … */
  type: string;
  /** The name that the writer gave himself. */
  readonly notify_name?: string;
  /** Everything else, under the attribute names of WhatsApp Web's message model. */
  fields: Record<string, unknown>;
  /** Who reacted how: jid to emoji. */
  reactions?: Record<string, string>;
  /** Poll votes: jid to the chosen option numbers. */
  votes?: Record<string, number[]>;
}

/** A group. */
export interface WireGroup {
  /** `…@g.us`. */
  readonly jid: string;
  /** The group's name. */
  readonly subject: string;
  /** Its description. */
  readonly description: string;
  /** Only admins may write. */
  readonly announce: boolean;
  /** When it was made, in seconds since 1970. */
  readonly creation: number;
  /** The jid of its maker. */
  readonly owner: string;
  /** Who is in it. */
  readonly participants: readonly WireParticipant[];
}

/** Somebody in a group. */
export interface WireParticipant {
  /** The person's jid. */
  readonly jid: string;
  /** Whether he is an admin. */
  readonly admin: boolean;
}

/** Somebody the account can know. */
export interface WireContact {
  /** `<number>@c.us`, or `<id>@lid` for somebody without a known number. */
  readonly jid: string;
  /** The person's LID, when there is one. */
  readonly lid?: string;
  /** Whether chats with the person go by the LID: WhatsApp moved them. */
  readonly by_lid?: boolean;
  /** The number behind a LID, when it is known. */
  readonly phone?: string;
  /** The name in the address book. */
  readonly name?: string;
  /** The name that the person gave himself. */
  readonly pushname?: string;
  /** Whether it is a business account. */
  readonly business?: boolean;
}

/** A chat in the account's list. */
export interface WireChat {
  /** The chat's jid. */
  readonly jid: string;
  /** Its title. */
  readonly name: string;
  /** Messages not yet seen. */
  readonly unread: number;
  /** Time of the latest message, seconds since 1970. */
  readonly t: number;
  /** Whether it is archived. */
  readonly archived: boolean;
  /** When it was pinned, seconds since 1970; 0 when it is not. */
  readonly pinned: number;
  /** Muted until, seconds since 1970; 0 not muted, -1 for ever. */
  readonly mute: number;
  /** The latest messages that this page already had. */
  readonly messages: readonly WireMessage[];
  /** The group behind it. */
  readonly group?: WireGroup;
}

/** What the page learns when it comes in. */
export interface Welcome {
  /** The account itself. */
  readonly me: {
    readonly number: string;
    readonly lid: string;
    readonly name: string;
    readonly platform: string;
  };
  /** The chat list. */
  readonly chats: readonly WireChat[];
  /** The address book. */
  readonly contacts: readonly WireContact[];
}

/** What a page keeps to come back without a QR. */
export interface Credentials {
  /** The account's number. */
  readonly number: string;
  /** What proves that the device is linked. */
  readonly token: string;
}

/** The public halves of the page's keys; they are printed in the QR. */
export interface DeviceKeys {
  /** Noise public key, base64. */
  readonly noise: string;
  /** Identity public key, base64. */
  readonly identity: string;
  /** The shared linking secret, base64. */
  readonly adv: string;
}

/** What the page may ask: name to [what it says, what it hears]. */
export interface PageRequests {
  hello: [{ device: DeviceKeys; credentials: Credentials | null }, null];
  refresh_qr: [null, null];
  pairing_code: [{ number: string }, { code: string }];
  linked: [null, null];
  send: [WireMessage, { t: number }];
  edit: [{ chat: string; id: string; body: string }, { t: number }];
  revoke: [{ chat: string; id: string }, null];
  react: [{ chat: string; id: string; emoji: string }, null];
  vote: [{ chat: string; id: string; options: number[] }, null];
  seen: [{ chat: string }, null];
  typing: [{ chat: string; state: 'composing' | 'recording' | 'paused' }, null];
  exists: [{ jid: string }, WireContact | null];
  history: [{ chat: string; before: string | null }, { messages: WireMessage[] }];
  group: [{ jid: string }, WireGroup | null];
  chat: [
    { jid: string; archived?: boolean; pinned?: number; mute?: number; unread?: number },
    null,
  ];
  forget: [{ chat: string; id: string | null; drop: boolean }, null];
  takeover: [null, null];
  dialog_closed: [null, null];
  logout: [null, { order: 'resolve_first' | 'navigate_first' }];
}

/** What the server may tell: name to what it says. */
export interface PageEvents {
  ref: { ref: string };
  idle: null;
  pairing: null;
  paired: Credentials;
  welcome: Welcome;
  progress: { percent: number };
  synced: null;
  state: { state: PageState };
  passkey: { asked: boolean };
  dialog: { kind: DialogKind | null };
  message: WireMessage;
  ack: { chat: string; id: string; ack: number };
  edited: { chat: string; id: string; body: string };
  revoked: { chat: string; id: string };
  removed: { chat: string; id: string };
  decrypted: WireMessage;
  reaction: { chat: string; id: string; by: string; emoji: string; t: number };
  vote: { chat: string; id: string; by: string; options: number[]; t: number };
  unread: { chat: string; unread: number };
  contact: WireContact;
  chat: WireChat;
  call: { id: string; from: string; video: boolean };
  battery: { battery: number; plugged: boolean };
  logout: { unpair_first: boolean };
  reload: null;
  spin: { ms: number };
  away: null;
}

/** A frame that a page sends. */
export type PageFrame = {
  [Name in keyof PageRequests]: {
    readonly request: number;
    readonly name: Name;
    readonly payload: PageRequests[Name][0];
  };
}[keyof PageRequests];

/** A frame that the server sends. */
export type ServerFrame =
  | { readonly request: number; readonly data: unknown }
  | {
      readonly request: number;
      readonly error: { readonly name: string; readonly status: number; readonly message: string };
    }
  | {
      [Name in keyof PageEvents]: { readonly event: Name; readonly payload: PageEvents[Name] };
    }[keyof PageEvents];

/** What the server writes into the page's script. */
export interface PageSettings {
  /** WhatsApp Web's version, `2.3000.…`. */
  readonly version: string;
  /** From the script's start to the application's, in milliseconds. */
  readonly bootMs: number;
  /** How long the page waits for its socket before it says TIMEOUT, in milliseconds. */
  readonly socketTimeoutMs: number;
  /** Pause between two attempts to connect, in milliseconds. */
  readonly reconnectMs: number;
  /** Where the page keeps its credentials. */
  readonly credentialStorage: 'indexeddb' | 'localstorage';
}
