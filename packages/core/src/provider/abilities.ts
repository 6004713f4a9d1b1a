import type { OutgoingMessage } from '../messages/outgoing-message';
import type { Attempt } from './attempt';
import type { Registration } from './registration';
import type { SendOutcome } from './send-outcome';
import type { Templates } from './templates';

/** A code that the account's owner types into the phone. */
export interface PairingCode {
  /** Eight characters. Secret: whoever types it owns the link. */
  readonly code: string;
  /** When it stops working, milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Linking an account. A provider that is started unlinked emits `qr` events by itself. */
export interface Pairing {
  /**
   * Asks for a pairing code instead of a QR.
   * @param phone E.164 digits of the account that will be linked
   * @throws GatewayError `not_ready`, `rejected`, `timeout`
   */
  requestCode(phone: string, signal: AbortSignal): Promise<PairingCode>;
  /**
   * Shows a QR though the session gets on without it. Only a provider has it that is made of
   * several, whose unlinked members rest until somebody asks. Resolves once the QR was reported.
   * @throws GatewayError `conflict` when every member is linked, or what kept the QR away
   */
  open?(signal: AbortSignal): Promise<void>;
}

/** Ending the link, as the account's owner asks for. Credentials are gone afterwards. */
export interface Logout {
  /** Unlinks the account and deletes its credentials. The provider is stopped afterwards. */
  logout(signal: AbortSignal): Promise<void>;
}

/** Showing that somebody is writing. */
export interface Typing {
  /** Shows `typing` or `recording` in the chat, or takes it back with `paused`. */
  setTyping(
    chatId: string,
    state: 'typing' | 'recording' | 'paused',
    signal: AbortSignal,
  ): Promise<void>;
}

/** Blue ticks. */
export interface MarkRead {
  /** Marks a chat's messages as read, up to the message named, if one is. */
  markRead(
    chatId: string,
    providerMessageId: string | undefined,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Media, downloaded. */
export interface DownloadedMedia {
  /** The bytes. */
  readonly data: Uint8Array;
  /** The media type. */
  readonly mimeType: string;
  /** The file name, when there is one. */
  readonly filename?: string;
}

/** Fetching media of inbound messages. */
export interface MediaDownload {
  /**
   * @param mediaId the `id` of an inbound message's media
   * @throws GatewayError `media_unavailable`, `not_ready`, `timeout`
   */
  download(mediaId: string, signal: AbortSignal): Promise<DownloadedMedia>;
}

/** Finding out, later, what became of a send whose outcome was unknown. */
export interface Reconciliation {
  /**
   * Looks for the message on WhatsApp's side.
   * @returns `sent` with the id, when it is there for certain; `undefined` when nobody can tell
   */
  reconcile(
    message: OutgoingMessage,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<SendOutcome | undefined>;
}

/** Media to upload. */
export interface MediaUploadRequest {
  /** The bytes, or a stream of them. */
  readonly data: Uint8Array | AsyncIterable<Uint8Array>;
  /** The media type, such as `image/png`. */
  readonly mimeType: string;
  /** The file name. */
  readonly filename?: string;
  /** How many bytes, when `data` is a stream and it is known. */
  readonly size?: number;
}

/** Media that was uploaded. */
export interface UploadedMedia {
  /** The id to send it by. */
  readonly id: string;
  /** How long that works, in milliseconds. */
  readonly validMs: number;
}

/** Bringing media to WhatsApp before it is sent. */
export interface MediaUpload {
  /**
   * @throws GatewayError `media_unavailable` when WhatsApp takes no such media, `not_ready`, `timeout`
   */
  upload(media: MediaUploadRequest, signal: AbortSignal): Promise<UploadedMedia>;
}

/** Shutting somebody out. */
export interface Blocking {
  /** Blocks, or lets in again; a recipient's `key` is a phone number or a business-scoped user id. */
  setBlocked(recipientKey: string, blocked: boolean, signal: AbortSignal): Promise<void>;
  /** The keys of whoever is blocked. */
  blocked(signal: AbortSignal): Promise<readonly string[]>;
}

/** What a provider can do beyond sending. Each is there or is not; none throws "not supported". */
export interface ProviderAbilities {
  /** Linking by QR and code. */
  readonly pairing?: Pairing;
  /** Ending the link. */
  readonly logout?: Logout;
  /** Showing that somebody writes. */
  readonly typing?: Typing;
  /** Blue ticks. */
  readonly markRead?: MarkRead;
  /** Fetching inbound media. */
  readonly mediaDownload?: MediaDownload;
  /** Settling unknown sends. */
  readonly reconciliation?: Reconciliation;
  /** Uploading media. */
  readonly mediaUpload?: MediaUpload;
  /** Blocking people. */
  readonly blocking?: Blocking;
  /** Listing, making, changing and deleting templates. */
  readonly templates?: Templates;
  /** Proving and registering the number, and its profile. */
  readonly registration?: Registration;
}

/** What one member of a provider that is made of several can do by itself. Its link is the session's to make and to end. */
export type MemberAbilities = Omit<ProviderAbilities, 'pairing' | 'logout'>;

/** The name of an ability. */
export type AbilityName = keyof ProviderAbilities;

/** The name of every ability. */
export const abilityNames: readonly AbilityName[] = [
  'pairing',
  'logout',
  'typing',
  'markRead',
  'mediaDownload',
  'reconciliation',
  'mediaUpload',
  'blocking',
  'templates',
  'registration',
];

/** The abilities that a provider has. */
export function abilitiesOf(provider: ProviderAbilities): readonly AbilityName[] {
  return abilityNames.filter((name) => provider[name] !== undefined);
}
