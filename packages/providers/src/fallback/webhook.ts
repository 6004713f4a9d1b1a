import {
  GatewayError,
  type PlatformWebhook,
  type ProviderEvent,
  type ProviderFactory,
  type WebhookPart,
} from '@blazz/core';
import { withMemberIds } from './ids';
import type { FallbackMember, FallbackSettings } from './settings';

/** The names of the members that an event came in for. An event is the same object until it is written down. */
export type Origins = WeakMap<ProviderEvent, readonly string[]>;

/** One member that is told by webhooks. */
type Told = FallbackMember & { readonly webhook: PlatformWebhook };

/**
 * What platforms post to the members. Each part goes to the members whose account it is about, proven
 * by their own secrets.
 * @param factories makers of members
 * @param origins where it is noted whom events are for
 * @returns `undefined` when none of the factories is told by webhooks
 */
export function memberWebhook(
  factories: readonly ProviderFactory[],
  origins: Origins,
): PlatformWebhook<FallbackSettings> | undefined {
  const webhooks = factories.flatMap(({ webhook }) => (webhook === undefined ? [] : [webhook]));
  if (webhooks.length === 0) return undefined;
  return {
    handshake: (settings, query) => {
      for (const member of toldOf(settings)) {
        const answer = member.webhook.handshake(member.settings, query);
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
    verify: (settings, header, body, account) =>
      toldOf(settings).some((member) => {
        const isMeant = account === undefined || isFor(member, account);
        return isMeant && member.webhook.verify(member.settings, header, body, account);
      }),
    split: (body) => firstGood(webhooks, (webhook): readonly WebhookPart[] => webhook.split(body)),
    accounts: (settings) =>
      toldOf(settings).flatMap((member) => member.webhook.accounts(member.settings)),
    sign: (settings, header, body, part) => {
      for (const member of toldOf(settings)) {
        const signed = member.webhook.sign?.(member.settings, header, body, part);
        if (signed !== undefined) return signed;
      }
      return undefined;
    },
    decode: (settings, body) => {
      const all = toldOf(settings);
      const meant = all.filter((member) => isAbout(member, body));
      // What nobody here has the account of any more is read all the same, as it came.
      const readers = meant.length > 0 ? meant : all;
      const names = readers.map(({ name }) => name);
      return firstGood(readers, ({ name, webhook, settings: own }): readonly ProviderEvent[] =>
        webhook.decode(own, body).map((event) => {
          const named = withMemberIds(name, event);
          origins.set(named, names);
          return named;
        }),
      );
    },
  };
}

function toldOf({ members }: FallbackSettings): readonly Told[] {
  return members.flatMap((member) => {
    const { webhook } = member.factory;
    return webhook === undefined ? [] : [{ ...member, webhook }];
  });
}

function isFor({ webhook, settings }: Told, account: string): boolean {
  return webhook.accounts(settings).includes(account);
}

/** Whether one part, as it was written down, is about a member's account. */
function isAbout(member: Told, body: string): boolean {
  try {
    return member.webhook.split(Buffer.from(body)).some(({ account }) => isFor(member, account));
  } catch {
    // Decoding says why.
    return false;
  }
}

/** What the first gives that can read it; the last one's error when none can. */
function firstGood<T, R>(of: readonly T[], read: (one: T) => R): R {
  let failure: unknown = new GatewayError('bad_request', 'No member is told by webhooks.');
  for (const one of of) {
    try {
      return read(one);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
