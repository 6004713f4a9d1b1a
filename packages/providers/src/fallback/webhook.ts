import {
  GatewayError,
  type PlatformWebhook,
  type ProviderEvent,
  type ProviderFactory,
  type WebhookPart,
} from '@blazz/core';
import { withMemberIds } from './ids';
import type { FallbackMember, FallbackSettings } from './settings';

/** One member that is told by webhooks. */
type Told = FallbackMember & { readonly webhook: PlatformWebhook };

/**
 * What platforms post to the members: each question goes to whoever it may be for, with that
 * member's own settings.
 * @returns `undefined` when none of the factories is told by webhooks
 */
export function memberWebhook(
  factories: readonly ProviderFactory[],
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
    verify: (settings, header, body) =>
      toldOf(settings).some((member) => member.webhook.verify(member.settings, header, body)),
    split: (body) => firstGood(webhooks, (webhook): readonly WebhookPart[] => webhook.split(body)),
    isFor: (settings, account) =>
      toldOf(settings).some((member) => member.webhook.isFor(member.settings, account)),
    sign: (settings, header, body, part) => {
      for (const member of toldOf(settings)) {
        const signed = member.webhook.sign?.(member.settings, header, body, part);
        if (signed !== undefined) return signed;
      }
      return undefined;
    },
    decode: (settings, body) =>
      firstGood(toldOf(settings), ({ name, webhook, settings: own }): readonly ProviderEvent[] =>
        webhook.decode(own, body).map((event) => withMemberIds(name, event)),
      ),
  };
}

function toldOf({ members }: FallbackSettings): readonly Told[] {
  return members.flatMap((member) => {
    const { webhook } = member.factory;
    return webhook === undefined ? [] : [{ ...member, webhook }];
  });
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
