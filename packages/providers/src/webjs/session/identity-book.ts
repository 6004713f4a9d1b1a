import type { Identity } from '@blazz/core';
import { asList, asText } from '../../json/raw';
import { decodeIdentity } from '../decode/identity';
import { RecentMap } from './recent-map';

/** How many people a session remembers the other id of. */
const remembered = 20_000;

/** Knows which hidden id belongs to which phone number, as far as the page told. */
export class IdentityBook {
  readonly #phoneOf = new RecentMap<string, string>(remembered);
  readonly #lidOf = new RecentMap<string, string>(remembered);

  /** Learns pairs of a hidden id and a phone number's id, as the page gives them; others are left out. */
  learn(pairs: unknown): void {
    for (const pair of asList(pairs)) {
      const [lid, phone] = asList(pair);
      const person = { ...decodeIdentity(asText(phone)), ...decodeIdentity(asText(lid)) };
      if (person.lid === undefined || person.phone === undefined) continue;
      this.#phoneOf.set(person.lid, person.phone);
      this.#lidOf.set(person.phone, person.lid);
    }
  }

  /** Whether two chats are one: WhatsApp files a person's under the number or under the hidden id. */
  isSameChat(one: string, other: string): boolean {
    if (one === other) return true;
    const [a, b] = [one, other].map((id) => this.complete(decodeIdentity(id)));
    return a?.lid !== undefined && a.lid === b?.lid;
  }

  /** The same person, by both ids where both are known. */
  complete(person: Identity): Identity {
    const phone = person.phone ?? this.#phoneOf.get(person.lid ?? '');
    const lid = person.lid ?? this.#lidOf.get(person.phone ?? '');
    return {
      ...(phone === undefined ? {} : { phone }),
      ...(lid === undefined ? {} : { lid }),
      ...person,
    };
  }
}
