import type { ProviderEvent } from '@blazz/core';
import { asRaw, asText } from '../../json/raw';
import type { Change } from './envelope';
import { reportKey } from './notice';
import { stamp } from './time';
import { identityOf } from './who';

/** What a contact wants to receive. */
export function decodePreference(entry: unknown, change: Change, otherwise: number): ProviderEvent {
  const raw = asRaw(entry);
  const value = asText(raw.value);
  return {
    type: 'contact.updated',
    contact: {
      identity: identityOf({ phone: raw.wa_id, bsuid: raw.user_id }),
      change: 'preference',
      ...(value === undefined ? {} : { value }),
      timestamp: stamp(raw.timestamp, otherwise),
      raw: entry,
    },
    key: reportKey(change, entry),
  };
}

/** A contact's business-scoped user id became another. */
export function decodeUserId(entry: unknown, change: Change, otherwise: number): ProviderEvent {
  const raw = asRaw(entry);
  const { previous, current } = asRaw(raw.user_id);
  return {
    type: 'contact.updated',
    contact: {
      identity: identityOf({ phone: raw.wa_id, bsuid: previous }),
      change: 'identity',
      current: identityOf({ phone: raw.wa_id, bsuid: current }),
      timestamp: stamp(raw.timestamp, otherwise),
      raw: entry,
    },
    key: reportKey(change, entry),
  };
}
