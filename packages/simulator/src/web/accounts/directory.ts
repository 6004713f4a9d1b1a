import type { Address } from '../address';
import { toJid } from '../address';
import type { WireContact, WireGroup } from '../wire';
import type { AccountBook } from './account-book';

/** Somebody to make known to the simulator. */
export interface ContactSource {
  /** The phone number; leave it out for somebody who is known by a LID only. */
  readonly number?: Address;
  /** The LID, `…@lid`. */
  readonly lid?: string;
  /**
   * Whether chats with the person go by the LID although the number is known, as in accounts that
   * WhatsApp has moved. Needs both. Default false.
   */
  readonly byLid?: boolean;
  /** The name in the accounts' address books. */
  readonly name?: string;
  /** The name that the person gave himself. */
  readonly pushname?: string;
  /** Whether it is a business account. Default false. */
  readonly business?: boolean;
}

/** Who is on WhatsApp: people and groups. */
export class Directory {
  readonly #accounts: AccountBook;
  readonly #isRegistered: (number: string) => boolean;
  readonly #contacts = new Map<string, WireContact>();
  readonly #unregistered = new Set<string>();
  readonly #groups = new Map<string, WireGroup>();

  /**
   * @param accounts the accounts with a phone of their own
   * @param isRegistered whether any other number is on WhatsApp
   */
  constructor(accounts: AccountBook, isRegistered: (number: string) => boolean) {
    this.#accounts = accounts;
    this.#isRegistered = isRegistered;
  }

  /** Everybody who was made known. */
  get contacts(): readonly WireContact[] {
    return [...this.#contacts.values()];
  }

  /** Every group. */
  get groups(): readonly WireGroup[] {
    return [...this.#groups.values()];
  }

  /** Adds or renews a contact. */
  addContact(source: ContactSource): WireContact {
    const jid = toJid(source.number ?? source.lid ?? '');
    const contact: WireContact = {
      ...this.#contacts.get(jid),
      jid,
      ...(source.lid && source.number ? { lid: source.lid } : {}),
      ...(source.byLid === undefined ? {} : { by_lid: source.byLid }),
      ...(source.name === undefined ? {} : { name: source.name }),
      ...(source.pushname === undefined ? {} : { pushname: source.pushname }),
      ...(source.business === undefined ? {} : { business: source.business }),
    };
    return this.restoreContact(contact);
  }

  /** Puts a contact in as it is. */
  restoreContact(contact: WireContact): WireContact {
    this.#contacts.set(contact.jid, contact);
    return contact;
  }

  /** Under which jid chats with somebody go: the LID's, for those whom WhatsApp has moved. */
  chatJid(jid: string): string {
    const contact = this.#contacts.get(jid);
    return contact?.by_lid === true ? (contact.lid ?? jid) : jid;
  }

  /** Adds or renews a group. */
  addGroup(group: WireGroup): void {
    this.#groups.set(group.jid, group);
  }

  /** The group with this jid. */
  group(jid: string): WireGroup | undefined {
    return this.#groups.get(jid);
  }

  /** Says whether a number is on WhatsApp from now on. */
  setRegistered(number: Address, registered: boolean): void {
    if (registered) this.#unregistered.delete(toJid(number));
    else this.#unregistered.add(toJid(number));
  }

  /** The contact behind a jid, or null when it is not on WhatsApp. */
  lookUp(jid: string): WireContact | null {
    if (this.#unregistered.has(jid)) return null;
    const known = this.#contacts.get(jid) ?? this.contacts.find((one) => one.lid === jid);
    const account = this.#accounts.find(jid);
    if (account) {
      return { pushname: account.name, ...known, jid: account.jid, lid: account.lid };
    }
    if (known) return known;
    if (!jid.endsWith('@c.us') || !this.#isRegistered(jid.split('@')[0] as string)) return null;
    return { jid };
  }
}
