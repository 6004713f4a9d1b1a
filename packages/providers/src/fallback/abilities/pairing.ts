import type { MemberState } from '@blazz/core';
import { GatewayError, type Pairing, type PairingCode } from '@blazz/core';
import type { Watch } from '@blazz/core/adapters';
import type { Member } from '../member/member';

/** States in which a member can be linked. */
const linkable: ReadonlySet<MemberState> = new Set<MemberState>(['unlinked', 'logged_out']);

/** Links members, one at a time: the first that is not linked. */
export class MemberPairing implements Pairing {
  readonly #members: readonly Member[];
  readonly #watch: Watch;

  /**
   * @param members the members, in order
   * @param watch touched whenever a member's state changes
   */
  constructor(members: readonly Member[], watch: Watch) {
    this.#members = members;
    this.#watch = watch;
  }

  /** {@inheritDoc Pairing.requestCode} */
  async requestCode(phone: string, signal: AbortSignal): Promise<PairingCode> {
    const member = await this.#shown(signal);
    const { pairing } = member.provider;
    if (pairing === undefined) {
      throw new GatewayError('conflict', `${member.name} is not linked by a code; scan its QR.`);
    }
    return pairing.requestCode(phone, signal);
  }

  /** {@inheritDoc Pairing.open} */
  async open(signal: AbortSignal): Promise<void> {
    await this.#shown(signal);
  }

  /** The member that shows a QR: the one that does already, or the first that can be linked. */
  async #shown(signal: AbortSignal): Promise<Member> {
    const showing = this.#members.find(({ state }) => state === 'pairing');
    if (showing !== undefined) return showing;
    const member = this.#members.find(
      ({ state, provider }) => linkable.has(state) && provider.pairing !== undefined,
    );
    if (member === undefined) {
      const why = 'Every member is linked already; log the session out to link others.';
      throw new GatewayError('conflict', why);
    }
    member.start();
    await this.#watch.until(() => {
      if (member.state === 'pairing') return true;
      if (member.state === 'starting') return undefined;
      const why = `${member.name} shows no QR: it is ${member.state}.`;
      throw member.error ?? new GatewayError('not_ready', why);
    }, signal);
    return member;
  }
}
