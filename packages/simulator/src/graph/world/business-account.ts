/** An app that is subscribed to an account's webhooks. */
export interface Subscription {
  /** The app. */
  readonly appId: string;
  /** Where its webhooks of this account go instead of the app's own callback. */
  readonly overrideUrl?: string;
}

/** A WhatsApp Business Account (WABA). */
export interface BusinessAccount {
  /** Its id. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Who hears its webhooks, by app id. */
  readonly subscriptions: Map<string, Subscription>;
}

/** How an account is described when it is added. */
export interface BusinessAccountSource {
  /** Its id. Default: a new one. */
  readonly id?: string;
  /** Its name. Default: Test Account. */
  readonly name?: string;
  /** The apps that are subscribed from the start, by id. Default: none. */
  readonly apps?: readonly string[];
}
