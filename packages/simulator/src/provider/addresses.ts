import type { Identity } from '@blazz/core';

/** The chat of somebody who is named by digits, a LID, a business-scoped id, or a chat id already. */
export function chatOf(address: string): string {
  return /^[0-9]+$/.test(address) ? `${address}@c.us` : address;
}

/** Who somebody is, given as digits of a phone number, a LID, or an identity. */
export function personOf(from: string | Identity): Identity {
  if (typeof from !== 'string') return from;
  return from.endsWith('@lid') ? { lid: from } : { phone: from };
}
