import {
  type AbilityName,
  abilitiesOf,
  abilityNames,
  type ErrorCode,
  GatewayError,
  isGatewayError,
  type MemberAbilities,
  type ProviderAbilities,
  type Registration,
  type Templates,
} from '@blazz/core';
import type { Watch } from '@blazz/core/adapters';
import type { Holders } from '../holders';
import { mediaIdOf, splitMediaId } from '../ids';
import type { Member } from '../member/member';
import { MemberPairing } from './pairing';
import { memberReconciliation } from './reconcile';

/** The abilities that a session of these members has: each that one of them has. */
export function abilitiesOfAll(members: readonly Member[]): readonly AbilityName[] {
  const own = new Set(members.flatMap(({ provider }) => abilitiesOf(provider)));
  return abilityNames.filter((name) => own.has(name));
}

/** What the abilities of members work with, beside the members. */
export interface AbilityParts {
  /** Which member has a message. */
  readonly holders: Holders;
  /** Touched whenever a member's state changes. */
  readonly watch: Watch;
}

/** What one member can do by itself. */
export function ownAbilities(member: Member, parts: AbilityParts): MemberAbilities {
  const { pairing: _, logout: __, ...own } = memberAbilities([member], parts);
  return own;
}

/** The abilities, each handed to the members that have it. */
export function memberAbilities(
  members: readonly Member[],
  { holders, watch }: AbilityParts,
): ProviderAbilities {
  const able = <N extends AbilityName>(name: N): readonly Able<N>[] =>
    members.flatMap((member) => {
      const ability = member.provider[name];
      return ability === undefined ? [] : [{ member, ability }];
    });
  /** Whoever is ready; when nobody is, the first of all, which says what is amiss. */
  const ready = <N extends AbilityName>(name: N): readonly Able<N>[] => {
    const all = able(name);
    const those = all.filter(({ member }) => member.state === 'ready');
    return those.length > 0 ? those : all.slice(0, 1);
  };
  /**
   * Whoever carries what is sent by the id. A barred one takes nothing, and nobody does in its place:
   * the message would belong to another member, and get around the bar.
   */
  const taker = (): Able<'mediaUpload'> => {
    const all = able('mediaUpload');
    const first = all.find(({ member }) => member.state === 'ready' || member.bar !== undefined);
    const [taking] = some(first === undefined ? all : [first]);
    if (taking.member.bar !== undefined) throw taking.member.bar;
    return taking;
  };
  const templates = (): Templates => some(ready('templates'))[0].ability;
  /** A number is registered before it is ready: it is that of the first, whatever its state. */
  const number = (): Registration => some(able('registration'))[0].ability;
  const all: Required<ProviderAbilities> = {
    pairing: new MemberPairing(members, watch),
    logout: { logout: (signal) => every(able('logout'), (one) => one.logout(signal)) },
    typing: {
      setTyping: (chat, state, signal) =>
        inTurn(ready('typing'), 'conflict', (one) => one.setTyping(chat, state, signal)),
    },
    markRead: {
      markRead: (chat, id, signal) => {
        const has = (one: Able<'markRead'>): boolean =>
          id === undefined || holders.mayHave(one.member, id);
        const owners = able('markRead').filter(has);
        const asked = id === undefined || owners.length === 0 ? ready('markRead') : owners;
        return inTurn(asked, 'conflict', (one) => one.markRead(chat, id, signal));
      },
    },
    mediaDownload: {
      download: (mediaId, signal) => {
        const { member, id } = splitMediaId(mediaId, members);
        const asked = able('mediaDownload').filter((one) =>
          member === undefined ? one.member.state === 'ready' : one.member === member,
        );
        return inTurn(asked, 'media_unavailable', (one) => one.download(id, signal));
      },
    },
    reconciliation: memberReconciliation(members),
    mediaUpload: {
      upload: async (media, signal) => {
        const { member, ability } = taker();
        const uploaded = await ability.upload(media, signal);
        return { ...uploaded, id: mediaIdOf(member.name, uploaded.id) };
      },
    },
    blocking: {
      setBlocked: (key, blocked, signal) =>
        every(able('blocking'), (one) => one.setBlocked(key, blocked, signal)),
      blocked: async (signal) => {
        const lists = await Promise.all(able('blocking').map((one) => one.ability.blocked(signal)));
        return [...new Set(lists.flat())];
      },
    },
    templates: {
      list: (options, signal) => templates().list(options, signal),
      create: (template, signal) => templates().create(template, signal),
      edit: (id, edit, signal) => templates().edit(id, edit, signal),
      delete: (target, signal) => templates().delete(target, signal),
    },
    registration: {
      requestCode: (request, signal) => number().requestCode(request, signal),
      verifyCode: (code, signal) => number().verifyCode(code, signal),
      register: (request, signal) => number().register(request, signal),
      setPin: (pin, signal) => number().setPin(pin, signal),
      deregister: (signal) => number().deregister(signal),
      profile: (signal) => number().profile(signal),
      updateProfile: (profile, signal) => number().updateProfile(profile, signal),
    },
  };
  return Object.fromEntries(abilitiesOfAll(members).map((name) => [name, all[name]]));
}

/** A member that has an ability. */
interface Able<N extends AbilityName> {
  readonly member: Member;
  readonly ability: NonNullable<ProviderAbilities[N]>;
}

/** @throws GatewayError `not_ready` when there is none */
function some<T>(of: readonly T[]): readonly [T, ...(readonly T[])] {
  const [first, ...others] = of;
  if (first === undefined) throw new GatewayError('not_ready', 'No member can do that now; wait.');
  return [first, ...others];
}

/** Asks one after the other, as long as they say by `elsewhere` that it is not theirs. */
async function inTurn<N extends AbilityName, R>(
  of: readonly Able<N>[],
  elsewhere: ErrorCode,
  ask: (ability: Able<N>['ability']) => Promise<R>,
): Promise<R> {
  let failure: unknown;
  for (const { ability } of some(of)) {
    try {
      return await ask(ability);
    } catch (error) {
      failure = error;
      if (!isGatewayError(error) || error.code !== elsewhere) throw error;
    }
  }
  throw failure;
}

/** Does something with each, whatever becomes of the others; then throws the first thing that went wrong. */
async function every<N extends AbilityName>(
  of: readonly Able<N>[],
  work: (ability: Able<N>['ability']) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(of.map(({ ability }) => work(ability)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
