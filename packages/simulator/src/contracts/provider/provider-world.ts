import type { DownloadedMedia, ProviderFactory } from '@blazz/core';

/** A value, now or later. */
export type Awaitable<T> = T | Promise<T>;

/** Which session of the provider under test something is about. */
export interface ContractSession {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
}

/** Something that the simulated WhatsApp took and that somebody could see. */
export interface WorldEffect {
  /** WhatsApp's id, as the provider reports it. For a reaction: whatever identifies it. */
  readonly id: string;
  /** Whom it reached: digits of a phone number, or a chat id. */
  readonly to: string;
}

/** What a provider, or the WhatsApp that it is tried against, may be unable to do. */
export type ProviderFeature =
  /** Linking by QR: a session without credentials shows one. */
  | 'qr'
  /** Linking by code. */
  | 'pairing_code'
  /** Ending the link from the gateway. */
  | 'logout'
  /** Ending the link on the phone. */
  | 'unlink'
  /** The account's owner writes on the phone, and the provider sees it. */
  | 'echo'
  /** Reactions of others. */
  | 'reactions'
  /** Votes in polls that the account sent. */
  | 'poll_votes'
  /** Changed messages. */
  | 'edits'
  /** Messages taken back. */
  | 'revokes'
  /** Fetching the media that it sends, and noticing that it cannot. */
  | 'media_upload'
  /** Fetching inbound media. */
  | 'media_download'
  /** Showing that somebody writes. */
  | 'typing'
  /** Blue ticks. */
  | 'mark_read'
  /** Hearing, after a start, of what came in before it. */
  | 'catch_up'
  /** A recipient that WhatsApp refuses. */
  | 'refusal'
  /** Sends that WhatsApp does not answer. */
  | 'silence'
  /** Something between the provider and WhatsApp that can be killed. */
  | 'kill';

/**
 * The controls of the WhatsApp that a provider is tried against. Methods that belong to a feature
 * are needed unless the contract is told that the feature is lacking.
 */
export interface ProviderWorld {
  /** Everything that a session's account did so far, oldest first. Never forgets. */
  effects(session: ContractSession): Awaitable<readonly WorldEffect[]>;
  /** A person writes to the session's account. @returns WhatsApp's id, as the provider reports it */
  deliverText(session: ContractSession, from: string, body: string): Awaitable<string>;
  /** WhatsApp says how far a message is; nothing but `sent` is said by itself. */
  acknowledge(session: ContractSession, id: string, level: 'delivered' | 'read'): Awaitable<void>;
  /** What still runs, or is still open, for sessions that are over: none, if all is well. */
  leftovers(): Awaitable<readonly string[]>;
  /** `qr`: the session's account scans it. */
  scan?(session: ContractSession, qr: string): Awaitable<void>;
  /** `pairing_code`: the number that types the code in. */
  phoneOf?(session: ContractSession): string;
  /** `pairing_code`: the session's account types it in. */
  enterCode?(session: ContractSession, code: string): Awaitable<void>;
  /** `unlink`: the account's owner removes the device. */
  unlink?(session: ContractSession): Awaitable<void>;
  /** `echo`: the account's owner writes on the phone. @returns WhatsApp's id */
  writeFromPhone?(session: ContractSession, to: string, body: string): Awaitable<string>;
  /** `reactions`: a person reacts to a message. */
  react?(session: ContractSession, id: string, by: string, emoji: string): Awaitable<void>;
  /** `poll_votes`: a person votes in a poll, by the wording of its options. */
  vote?(
    session: ContractSession,
    id: string,
    by: string,
    options: readonly string[],
  ): Awaitable<void>;
  /** `edits`: the writer of an inbound message changes it. */
  edit?(session: ContractSession, id: string, text: string): Awaitable<void>;
  /** `revokes`: the writer of an inbound message takes it back. */
  revoke?(session: ContractSession, id: string): Awaitable<void>;
  /** `media_download`: a person sends a picture. @returns WhatsApp's id */
  deliverImage?(session: ContractSession, from: string, image: DownloadedMedia): Awaitable<string>;
  /** `typing`: every mark shown so far, oldest first. */
  typing?(session: ContractSession): Awaitable<readonly TypingMark[]>;
  /** `mark_read`: every chat that the account read so far. */
  reads?(session: ContractSession): Awaitable<readonly string[]>;
  /**
   * `silence`: from now on the account's sends get no answer; `lost` never reach WhatsApp, `taken`
   * do; `off` ends it.
   */
  silence?(session: ContractSession, mode: 'lost' | 'taken' | 'off'): Awaitable<void>;
  /** `kill`: kills what carries the connection, as a crash would. */
  kill?(session: ContractSession): Awaitable<void>;
}

/** A provider under test, and the WhatsApp that it is tried against. */
export interface ProviderHarness {
  /** Makes the providers. */
  readonly factory: ProviderFactory;
  /** The simulated WhatsApp: empty, with no session linked where linking is a feature. */
  readonly world: ProviderWorld;
  /** Two persons on WhatsApp: digits of phone numbers. */
  readonly people: readonly [string, string];
  /** `refusal`: digits of a number that WhatsApp refuses. */
  readonly stranger?: string;
  /** Takes everything down. */
  stop(): Awaitable<void>;
}

/** A sign that the account shows in a chat. */
export interface TypingMark {
  /** The chat. */
  readonly chat: string;
  /** `typing`, `recording` or `paused`. */
  readonly state: string;
}
