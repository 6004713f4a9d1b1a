import type { Contact, GraphContactSource } from './contact';
import type { Identifiers } from './identifiers';

/** The country of a user id, by how a number begins; anything else reads as the United States. */
const countries: Readonly<Record<string, string>> = {
  '62': 'ID',
  '49': 'DE',
  '44': 'GB',
  '91': 'IN',
  '55': 'BR',
  '52': 'MX',
};

/** The customers of WhatsApp: those that were added, and everybody who was written to. */
export class People {
  readonly #ids: Identifiers;
  readonly #isOnWhatsApp: (number: string) => boolean;
  readonly #byNumber = new Map<string, Contact>();
  readonly #byUserId = new Map<string, Contact>();

  /**
   * @param ids where new ids come from
   * @param isOnWhatsApp whether a number that nobody added is on WhatsApp
   */
  constructor(ids: Identifiers, isOnWhatsApp: (number: string) => boolean) {
    this.#ids = ids;
    this.#isOnWhatsApp = isOnWhatsApp;
  }

  /** Everybody. */
  get all(): Contact[] {
    return [...this.#byNumber.values()];
  }

  /** Adds somebody, or describes somebody anew. What the source does not say stays as it was. */
  add(source: GraphContactSource, now: number): Contact {
    const contact = this.of(source.number);
    contact.name = source.name ?? contact.name;
    contact.username = source.username ?? contact.username;
    contact.hidesNumber = source.hidesNumber ?? contact.hidesNumber;
    contact.onWhatsApp = source.onWhatsApp ?? contact.onWhatsApp;
    contact.online = source.online ?? contact.online;
    contact.optedOut = source.optedOut ?? contact.optedOut;
    if (source.userId !== undefined) this.#setUserId(contact, source.userId);
    for (const id of source.wroteTo ?? []) contact.wroteAt.set(id, now);
    return contact;
  }

  /** Somebody by number, as a caller writes it: `+62 811…`, `62811…`. Made when unknown. */
  of(number: string): Contact {
    const digits = number.replace(/\D/g, '');
    const known = this.#byNumber.get(digits);
    if (known) return known;
    const contact: Contact = {
      number: digits,
      name: digits,
      userId: this.#ids.user(countries[digits.slice(0, 2)] ?? 'US'),
      username: undefined,
      hidesNumber: false,
      onWhatsApp: this.#isOnWhatsApp(digits),
      online: true,
      optedOut: false,
      blocks: new Set(),
      wroteAt: new Map(),
    };
    this.#byNumber.set(digits, contact);
    this.#byUserId.set(contact.userId, contact);
    return contact;
  }

  /** Somebody by business-scoped user id. */
  byUserId(userId: string): Contact | undefined {
    return this.#byUserId.get(userId);
  }

  /** Somebody's new number, and with it a new user id. */
  move(contact: Contact, number: string): void {
    this.#byNumber.delete(contact.number);
    contact.number = number.replace(/\D/g, '');
    this.#byNumber.set(contact.number, contact);
    this.#setUserId(contact, this.#ids.user(countries[contact.number.slice(0, 2)] ?? 'US'));
  }

  #setUserId(contact: Contact, userId: string): void {
    this.#byUserId.delete(contact.userId);
    contact.userId = userId;
    this.#byUserId.set(userId, contact);
  }
}
