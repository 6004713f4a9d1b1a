import {
  type AbilityName,
  abilitiesOf,
  abilityNames,
  GatewayError,
  isGatewayError,
  type MediaDownload,
  type ProviderAbilities,
} from '@blazz/core';
import type { Watch } from '@blazz/core/adapters';
import { mayOwn, mediaIdOf, splitMediaId } from '../ids';
import type { Member } from '../member/member';
import { MemberPairing } from './pairing';
import { memberReconciliation } from './reconcile';

/** The abilities that a session of these members has: each that one of them has. */
export function abilitiesOfAll(members: readonly Member[]): readonly AbilityName[] {
  const own = new Set(members.flatMap(({ provider }) => abilitiesOf(provider)));
  return abilityNames.filter((name) => own.has(name));
}

/** The abilities, each handed to the members that have it. */
export function memberAbilities(members: readonly Member[], watch: Watch): ProviderAbilities {
  /** Whoever has an ability: the first that is ready, or else the first of all, which says what is amiss. */
  const by = <N extends AbilityName>(name: N): NonNullable<ProviderAbilities[N]> => {
    const able = members.filter(({ provider }) => provider[name] !== undefined);
    const holder = able.find(({ state }) => state === 'ready') ?? able[0];
    const ability = holder?.provider[name];
    if (ability === undefined) throw new GatewayError('not_ready', 'No member is able to do that.');
    return ability;
  };
  const eachOf = <N extends AbilityName>(name: N): readonly NonNullable<ProviderAbilities[N]>[] =>
    members.flatMap(({ provider }) => {
      const ability = provider[name];
      return ability === undefined ? [] : [ability];
    });
  const all: Required<ProviderAbilities> = {
    pairing: new MemberPairing(members, watch),
    logout: { logout: (signal) => every(eachOf('logout'), (one) => one.logout(signal)) },
    typing: {
      setTyping: (chat, state, signal) => by('typing').setTyping(chat, state, signal),
    },
    markRead: {
      markRead: async (chat, id, signal) => {
        const owner =
          id === undefined
            ? undefined
            : members.find((member) => member.provider.markRead && mayOwn(member, id, members));
        await (owner?.provider.markRead ?? by('markRead')).markRead(chat, id, signal);
      },
    },
    mediaDownload: memberDownload(members),
    reconciliation: memberReconciliation(members),
    mediaUpload: {
      upload: async (media, signal) => {
        const member = members.find(({ provider }) => provider.mediaUpload !== undefined);
        const uploaded = await by('mediaUpload').upload(media, signal);
        return { ...uploaded, id: mediaIdOf(member?.name ?? '', uploaded.id) };
      },
    },
    blocking: {
      setBlocked: (key, blocked, signal) =>
        every(eachOf('blocking'), (one) => one.setBlocked(key, blocked, signal)),
      blocked: async (signal) => {
        const lists = await Promise.all(eachOf('blocking').map((one) => one.blocked(signal)));
        return [...new Set(lists.flat())];
      },
    },
    templates: {
      list: (options, signal) => by('templates').list(options, signal),
      create: (template, signal) => by('templates').create(template, signal),
      edit: (id, edit, signal) => by('templates').edit(id, edit, signal),
      delete: (target, signal) => by('templates').delete(target, signal),
    },
    registration: {
      requestCode: (request, signal) => by('registration').requestCode(request, signal),
      verifyCode: (code, signal) => by('registration').verifyCode(code, signal),
      register: (request, signal) => by('registration').register(request, signal),
      setPin: (pin, signal) => by('registration').setPin(pin, signal),
      deregister: (signal) => by('registration').deregister(signal),
      profile: (signal) => by('registration').profile(signal),
      updateProfile: (profile, signal) => by('registration').updateProfile(profile, signal),
    },
  };
  return Object.fromEntries(abilitiesOfAll(members).map((name) => [name, all[name]]));
}

/** Asks the member that a medium's id names; one that names none goes from member to member. */
function memberDownload(members: readonly Member[]): MediaDownload {
  return {
    download: async (mediaId, signal) => {
      const { member, id } = splitMediaId(mediaId, members);
      const asked =
        member === undefined ? members.filter(({ state }) => state === 'ready') : [member];
      const able = asked.flatMap(({ provider }) => provider.mediaDownload ?? []);
      let failure: unknown = new GatewayError('not_ready', 'No member can fetch media now; wait.');
      for (const ability of able) {
        try {
          return await ability.download(id, signal);
        } catch (error) {
          failure = error;
          if (!isGatewayError(error) || error.code !== 'media_unavailable') throw error;
        }
      }
      throw failure;
    },
  };
}

/** Does something with each, whatever becomes of the others; then throws the first thing that went wrong. */
async function every<T>(of: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(of.map(work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
