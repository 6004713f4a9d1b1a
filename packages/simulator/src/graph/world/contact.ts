/** A customer of WhatsApp. */
export interface Contact {
  /** The digits of the number, which are the wa_id too. */
  number: string;
  /** The name in the profile. */
  name: string;
  /** The business-scoped user id. */
  userId: string;
  /** The user name, when there is one. */
  username: string | undefined;
  /** Whether webhooks leave the number out, as for people who hide it behind a user name. */
  hidesNumber: boolean;
  /** Whether the number is on WhatsApp. */
  onWhatsApp: boolean;
  /** Whether the phone is on the network: otherwise messages stay at `sent`. */
  online: boolean;
  /** Whether the person stopped marketing messages: 131050. */
  optedOut: boolean;
  /** The business numbers that the person blocked, by id. */
  readonly blocks: Set<string>;
  /** When the person last wrote to a business number, by its id, in milliseconds since 1970. */
  readonly wroteAt: Map<string, number>;
}

/** How a contact is described when it is added. */
export interface GraphContactSource {
  /** The digits of the number. */
  readonly number: string;
  /** The name in the profile. Default: the number. */
  readonly name?: string;
  /** The business-scoped user id. Default: a new one. */
  readonly userId?: string;
  /** The user name. Default: none. */
  readonly username?: string;
  /** Whether webhooks leave the number out. Default false. */
  readonly hidesNumber?: boolean;
  /** Whether the number is on WhatsApp. Default true. */
  readonly onWhatsApp?: boolean;
  /** Whether the phone is on the network. Default true. */
  readonly online?: boolean;
  /** Whether marketing messages were stopped. Default false. */
  readonly optedOut?: boolean;
  /** Opens the window for free messages of these business numbers, by id, as if the person just wrote. */
  readonly wroteTo?: readonly string[];
}
