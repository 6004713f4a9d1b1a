import type { Identity } from '@blazz/core';
import { asList, asRaw, asText, type Raw } from '../../json/raw';

const phonePattern = /^[1-9]\d{6,14}$/;
const bsuidPattern = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

/** A phone number's digits, when it is one. */
export function phoneOf(value: unknown): string | undefined {
  const digits = typeof value === 'number' ? String(value) : asText(value)?.replace(/[ +()-]/g, '');
  return digits !== undefined && phonePattern.test(digits) ? digits : undefined;
}

/** A business-scoped user id, when it is one. */
function bsuidOf(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && bsuidPattern.test(text) ? text : undefined;
}

/** Who somebody is, of what Meta says; each field is there only when it is known. */
export function identityOf(known: {
  readonly phone?: unknown;
  readonly bsuid?: unknown;
  readonly profile?: unknown;
}): Identity {
  const phone = phoneOf(known.phone);
  const bsuid = bsuidOf(known.bsuid);
  const { name, username } = asRaw(known.profile);
  const said = { name: asText(name), username: asText(username) };
  return {
    ...(phone === undefined ? {} : { phone }),
    ...(bsuid === undefined ? {} : { bsuid }),
    ...(said.username === undefined ? {} : { username: said.username }),
    ...(said.name === undefined ? {} : { name: said.name }),
  };
}

/** The chat with somebody, as `to` of a send: the number, or else the user id. */
export function chatOf(identity: Identity): string | undefined {
  return identity.phone ?? identity.bsuid;
}

/** Who wrote a message: its own fields, and what the value's `contacts` say about the same person. */
export function writerOf(message: Raw, contacts: unknown): Identity {
  const people = asList(contacts).map(asRaw);
  const byPhone = people.find(({ wa_id }) => wa_id !== undefined && wa_id === message.from);
  const byId = people.find(
    ({ user_id }) => user_id !== undefined && user_id === message.from_user_id,
  );
  const isAlone = message.from === undefined && message.from_user_id === undefined;
  const person = byPhone ?? byId ?? (isAlone && people.length === 1 ? people[0] : undefined);
  return identityOf({
    phone: message.from ?? person?.wa_id,
    bsuid: message.from_user_id ?? person?.user_id,
    profile: person?.profile,
  });
}
