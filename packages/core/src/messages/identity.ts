/** Who somebody is on WhatsApp. Every field is optional: a phone number is not always known. */
export interface Identity {
  /** E.164 digits without `+`. */
  readonly phone?: string;
  /** The hidden id, `…@lid`. */
  readonly lid?: string;
  /** The business-scoped user id. */
  readonly bsuid?: string;
  /** The WhatsApp user name. */
  readonly username?: string;
  /** The name that the person chose to show. */
  readonly name?: string;
}
