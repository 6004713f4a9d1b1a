import {
  type Clock,
  GatewayError,
  type ProviderAbilities,
  type Session,
  withDeadline,
} from '@blazz/core';
import { type TOptional, type TString, Type } from '@sinclair/typebox';
import type { Call } from './route';

/** How long a provider may take for one call of an ability, in milliseconds. */
const ABILITY_MS = 60_000;

/** The part of a query that says who is asked, where several carry the session. */
export const whose: { readonly member: TOptional<TString> } = {
  member: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'The member to ask, as `members` of the status names it, where several carry the session. Default: the one that fits.',
    }),
  ),
};

/** What of a call is needed to use an ability of its session. */
type SessionCall = Pick<Call, 'whileWaiting'> & {
  /** The session. */
  readonly session: Session;
  /** Who is asked; see {@link whose}. */
  readonly query: { readonly member?: string };
};

/**
 * Uses an ability of a call's session, or of the member that it names, under a deadline. Also of one that does not run: whether it has
 * to is the ability's to say.
 */
export type UseAbility = <N extends keyof ProviderAbilities, T>(
  call: SessionCall,
  name: N,
  work: (ability: NonNullable<ProviderAbilities[N]>, signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** How routes use abilities. @param clock measures the deadline */
export function abilityUser(clock: Clock): UseAbility {
  return ({ session, query, whileWaiting }, name, work) => {
    const ability = askedOf(session, query.member)[name];
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

function askedOf({ provider }: Session, member: string | undefined): ProviderAbilities {
  const asked = member === undefined ? provider : provider.member?.(member);
  if (asked !== undefined) return asked;
  const why = 'This session has no such member. See `members` of its status.';
  throw new GatewayError('conflict', why, { details: { member } });
}
