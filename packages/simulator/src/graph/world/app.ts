/** An app of Meta's: what signs webhooks and where they go. */
export interface GraphApp {
  /** Its id. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Its secret: the key of every webhook's signature. */
  secret: string;
  /** What its callback must know in the handshake. */
  verifyToken: string;
  /** Where its webhooks go; undefined when nobody said. */
  callbackUrl: string | undefined;
  /** The fields that it wants; undefined is all of them. */
  fields: ReadonlySet<string> | undefined;
}

/** How an app is described when it is added. */
export interface AppSource {
  /** Its id. Default: a new one. */
  readonly id?: string;
  /** Its name. Default: Test App. */
  readonly name?: string;
  /** Its secret. Default: a new one. */
  readonly secret?: string;
  /** What its callback must know in the handshake. Default: a new one. */
  readonly verifyToken?: string;
  /** Where its webhooks go, taken without a handshake. Default: nowhere yet; see `subscribe`. */
  readonly callbackUrl?: string;
}
