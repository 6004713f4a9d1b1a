import type { Business } from '@blazz/simulator/graph';
import type { Item } from './post';

/** A message of ours, as the platform knows it. */
export interface Sent {
  /** The gateway's id. */
  readonly messageId: string;
  /** The platform's id. */
  readonly wamid: string;
  /** Who sent it. */
  readonly business: Business;
}

const seconds = (index: number): string => String(1_780_000_000 + index);
const person = (index: number): string => String(4_915_550_000_000 + (index % 500));

/** What customers send, by its number: each kind of thing that becomes an event of its own. */
const kinds: readonly ((index: number) => Readonly<Record<string, unknown>>)[] = [
  (index) => ({ type: 'text', text: { body: `n ${index}, schön & süß 🎈 https://example.com/` } }),
  (index) => ({
    type: 'image',
    image: { id: String(index), mime_type: 'image/jpeg', sha256: 'x', caption: 'Größe?' },
  }),
  () => ({ type: 'location', location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } }),
  (index) => ({ type: 'hologram', hologram: { depth: index } }),
  (index) => ({ type: 'reaction', reaction: { message_id: `wamid.of.${index}`, emoji: '👍' } }),
  (index) => ({ type: 'revoke', revoke: { original_message_id: `wamid.of.${index}` } }),
  (index) => ({
    type: 'edit',
    edit: {
      original_message_id: `wamid.of.${index}`,
      message: { type: 'text', text: { body: `changed ${index}` } },
    },
  }),
];

/** One item in so many is of an unknown field, which is passed on as it came. */
const EVERY_NOTICE = 10;

/** The item of a number that becomes one event. `nameOf` finds the same name in that event. */
export function incoming(business: Business, index: number): Item {
  if (index % EVERY_NOTICE === 0) {
    return { business, field: 'weather_update', value: { name: `notice ${index}` } };
  }
  const kind = kinds[index % kinds.length] as (typeof kinds)[number];
  const from = person(index);
  const message = { from, id: `wamid.in.${index}`, timestamp: seconds(index), ...kind(index) };
  const contacts = [{ profile: { name: 'Ani' }, wa_id: from }];
  return { business, field: 'messages', value: { contacts, messages: [message] } };
}

/** What an event that came of {@link incoming} is recognised by: the item's number. */
export function numberOf(event: { readonly type: string; readonly data: unknown }): number {
  const text = JSON.stringify(event.data);
  const found = /wamid\.(?:in|of)\.(\d+)"|"notice (\d+)"/.exec(text);
  return Number(found?.[1] ?? found?.[2] ?? Number.NaN);
}

/** What becomes of a message of ours: every report on it, in order. One in ten is refused. */
export function reports(sent: Sent, index: number): readonly Item[] {
  return lastOf(index) === 'failed'
    ? [report(sent, 'failed', index)]
    : ['sent', 'delivered', 'read'].map((status, step) => report(sent, status, index + step));
}

/** How a message of ours has to end. */
export function lastOf(index: number): 'read' | 'failed' {
  return index % 10 === 0 ? 'failed' : 'read';
}

/** A report on a message of ours. */
export function report({ wamid, business }: Sent, status: string, index: number): Item {
  const value = {
    id: wamid,
    status,
    timestamp: seconds(index),
    recipient_id: person(index),
    ...(status === 'failed' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {}),
  };
  return { business, field: 'messages', value: { statuses: [value] } };
}
