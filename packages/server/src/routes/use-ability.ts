import {
  type Clock,
  GatewayError,
  type ProviderAbilities,
  type Session,
  withDeadline,
} from '@blazz/core';
import type { Call } from './route';

/** How long a provider may take for one call of an ability, in milliseconds. */
const ABILITY_MS = 60_000;

/** What of a call is needed to use an ability of its session. */
type SessionCall = Pick<Call, 'whileWaiting'> & {
  /** The session. */
  readonly session: Session;
};

/**
 * Uses an ability of a call's session under a deadline. Also of one that does not run: whether it has
 * to is the ability's to say.
 */
export type UseAbility = <N extends keyof ProviderAbilities, T>(
  call: SessionCall,
  name: N,
  work: (ability: NonNullable<ProviderAbilities[N]>, signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** How routes use abilities. @param clock measures the deadline */
export function abilityUser(clock: Clock): UseAbility {
  return ({ session, whileWaiting }, name, work) => {
    const ability = session.provider[name];
    if (ability === undefined) {
      const why = `This session's provider has no ${name}. See \`abilities\` of its status for what it has.`;
      throw new GatewayError('conflict', why, { details: { ability: name } });
    }
    return whileWaiting((signal) =>
      withDeadline((until) => work(ability, until), {
        clock,
        ms: ABILITY_MS,
        signal,
        onTimeout: () =>
          new GatewayError('timeout', 'The provider did not answer in time; ask again.'),
      }),
    );
  };
}
