import { messageTypes, type ProviderCapabilities } from '@blazz/core';
import { abilitiesOfAll } from './abilities/abilities';
import type { Member } from './member/member';

/**
 * What all members together can do. The lane is held back by none of their paces: each member's own
 * gate keeps it, since the next send may go out by any of them.
 */
export function capabilitiesOf(members: readonly Member[]): ProviderCapabilities {
  const all = members.map(({ provider }) => provider.capabilities);
  return {
    messageTypes: messageTypes.filter((type) => all.some((one) => one.messageTypes.includes(type))),
    abilities: abilitiesOfAll(members),
    pace: {
      concurrency: Math.max(...all.map(({ pace }) => pace.concurrency)),
      intervalMs: 0,
      jitter: 0,
    },
  };
}
