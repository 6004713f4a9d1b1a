import type { ProviderEvent } from './provider-event';

/** One account's part of a payload that a platform posted. */
export interface WebhookPart {
  /** What the platform calls the account, such as a phone number id; empty when the part names none. */
  readonly account: string;
  /** The part as JSON text: what {@link PlatformWebhook.decode} takes. */
  readonly body: string;
}

/** Reads a request header by its lower-case name. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * What a platform posts to us, before any session takes part. Belongs to a factory, since payloads
 * come in whether or not a session runs.
 */
export interface PlatformWebhook<Settings = unknown> {
  /**
   * Answers the platform's question whether this address is ours.
   * @returns the text to answer with; `undefined` when the question is not genuine
   */
  handshake(settings: Settings, query: Readonly<Record<string, string>>): string | undefined;
  /**
   * Whether a body comes from the platform, by its signature over the raw bytes.
   * @param account what a part of it is about: then by a secret of this account, where the settings name
   *   several with secrets of their own. Default: by any
   */
  verify(settings: Settings, header: HeaderOf, body: Uint8Array, account?: string): boolean;
  /**
   * Cuts a payload into one part for each account that it is about, in the order in which they came.
   * @throws GatewayError `bad_request` when it is not what the platform posts
   */
  split(body: Uint8Array): readonly WebhookPart[];
  /**
   * The accounts of a session with these settings: what is about one of them is for the session. Each as
   * {@link WebhookPart.account} calls it, none empty. Pure: asked once for each configuration.
   */
  accounts(settings: Settings): readonly string[];
  /**
   * Signs a part as the platform would have: `verify` holds for its body with these headers, under
   * settings that have the secret by which it holds for the whole. So a part that came before the session
   * that it is for is proven to that session once it is known. Without this method it waits for a person.
   * @param header the headers of the whole
   * @param body the whole, as it came
   * @returns the headers, by their lower-case names; `undefined` when `verify` does not hold for the whole
   */
  sign?(
    settings: Settings,
    header: HeaderOf,
    body: Uint8Array,
    part: WebhookPart,
  ): Readonly<Record<string, string>> | undefined;
  /**
   * Makes events of one part, in its order: at least one for each thing that it tells. Pure: the same
   * part gives the same events, so that it can be read again after a crash.
   * @throws GatewayError `bad_request` when the part cannot be read at all: it is set aside
   */
  decode(settings: Settings, body: string): readonly ProviderEvent[];
}
