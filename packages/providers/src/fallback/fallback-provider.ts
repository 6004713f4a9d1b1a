import { GatewayError, type ProviderFactory } from '@blazz/core';
import { FallbackSession } from './fallback-session';
import { Bars } from './member/bars';
import { defaultMemberTimings, type MemberTimings } from './member/member-context';
import { Turns } from './member/turns';
import { assertMembersStartable, type FallbackSettings, parseFallbackSettings } from './settings';
import { memberWebhook, type Origins } from './webhook';

/** What a fallback provider is made of. */
export interface FallbackOptions {
  /** The providers that workspaces may choose members from; each type once. */
  readonly members: readonly ProviderFactory[];
  /** How long things may take with a member. Default: {@link defaultMemberTimings}. */
  readonly timings?: Partial<MemberTimings>;
  /**
   * How many members are brought up at once, over all sessions, beside those that come up in their
   * session's own turn: with a browser each, a machine takes only so many. At least 1. Default: 2.
   */
  readonly standbyStartsAtOnce?: number;
}

/**
 * Several providers as one, in order: providers of type `fallback`. A message goes on from one
 * member to the next only when it provably did not leave, and never to get around a refusal.
 * Workspaces opt in with `provider_type: "fallback"`, and name their members in their settings.
 * @throws GatewayError `invalid_config` when an option is missing or wrong
 */
export function fallbackProvider(options: FallbackOptions): ProviderFactory<FallbackSettings> {
  const { members, standbyStartsAtOnce = 2 } = options;
  const factories = new Map(members.map((factory) => [factory.type, factory]));
  if (members.length === 0 || factories.size < members.length || factories.has('fallback')) {
    const why = 'members must be provider factories of different types, none of them a fallback.';
    throw new GatewayError('invalid_config', why, { details: { field: 'members' } });
  }
  if (!Number.isInteger(standbyStartsAtOnce) || standbyStartsAtOnce < 1) {
    const why = 'standbyStartsAtOnce must be a whole number of at least 1.';
    throw new GatewayError('invalid_config', why, { details: { field: 'standbyStartsAtOnce' } });
  }
  const timings = { ...defaultMemberTimings, ...options.timings };
  const origins: Origins = new WeakMap();
  const standbyStarts = new Turns(standbyStartsAtOnce);
  const shared = { timings, standbyStarts, bars: new Bars(), origins };
  const webhook = memberWebhook(members, origins);
  return {
    type: 'fallback',
    parse: (settings) => parseFallbackSettings(settings, factories),
    assertStartable: assertMembersStartable,
    linked: async (workspaceId, sessionId, settings) => {
      const own = settings?.members ?? members.map((factory) => ({ factory, settings: undefined }));
      const links = await Promise.all(
        own.map(async (member) => {
          const { factory, settings: of } = member;
          return (await factory.linked?.(workspaceId, sessionId, of)) ?? true;
        }),
      );
      return links.includes(true);
    },
    ownsId: (id) => members.some((factory) => factory.ownsId?.(id) === true),
    ...(webhook === undefined ? {} : { webhook }),
    create: (context) => new FallbackSession(context, shared),
  };
}
