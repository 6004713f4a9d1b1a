/** One try to deliver an event. */
export interface WebhookRequest {
  /** Where to. */
  readonly url: string;
  /** Headers, lower-case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte as it was signed. */
  readonly body: Uint8Array;
}

/** What an endpoint answered. */
export interface WebhookAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** How long it asks to be left alone (`Retry-After`), in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Brings requests to endpoints. */
export interface WebhookTransport {
  /**
   * Checks an address before it is taken on.
   * @throws GatewayError `address_refused`
   */
  check(url: string): void;
  /** Posts once: follows no redirect, reads next to nothing of the answer. Rejects when nothing was answered. */
  post(request: WebhookRequest, signal: AbortSignal): Promise<WebhookAnswer>;
}
