/** A name on a contact card. */
export interface ContactName {
  /** The whole name as it is shown. */
  readonly formatted_name: string;
  /** The first name. */
  readonly first_name?: string;
  /** The last name. */
  readonly last_name?: string;
  /** The middle name. */
  readonly middle_name?: string;
  /** What stands before the name, such as Dr. */
  readonly prefix?: string;
  /** What stands after the name, such as Jr. */
  readonly suffix?: string;
}

/** A phone number on a contact card. */
export interface ContactPhone {
  /** The number as it is shown. */
  readonly phone?: string;
  /** HOME, WORK, CELL and so on. */
  readonly type?: string;
  /** The number's WhatsApp id: digits only. */
  readonly wa_id?: string;
}

/** An e-mail address on a contact card. */
export interface ContactEmail {
  /** The address. */
  readonly email?: string;
  /** HOME or WORK. */
  readonly type?: string;
}

/** A web address on a contact card. */
export interface ContactUrl {
  /** The address. */
  readonly url?: string;
  /** HOME or WORK. */
  readonly type?: string;
}

/** A postal address on a contact card. */
export interface ContactAddress {
  /** Street and number. */
  readonly street?: string;
  /** Town. */
  readonly city?: string;
  /** State or province. */
  readonly state?: string;
  /** Postal code. */
  readonly zip?: string;
  /** Country. */
  readonly country?: string;
  /** Two-letter country code. */
  readonly country_code?: string;
  /** HOME or WORK. */
  readonly type?: string;
}

/** Where a contact works. */
export interface ContactOrganization {
  /** The company. */
  readonly company?: string;
  /** The department. */
  readonly department?: string;
  /** The title held there. */
  readonly title?: string;
}

/** One contact card. */
export interface ContactCard {
  /** The contact's name. */
  readonly name: ContactName;
  /** Phone numbers. */
  readonly phones?: readonly ContactPhone[];
  /** E-mail addresses. */
  readonly emails?: readonly ContactEmail[];
  /** Web addresses. */
  readonly urls?: readonly ContactUrl[];
  /** Postal addresses. */
  readonly addresses?: readonly ContactAddress[];
  /** The employer. */
  readonly org?: ContactOrganization;
  /** Date of birth, `YYYY-MM-DD`. */
  readonly birthday?: string;
}
