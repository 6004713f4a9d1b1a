import type { Member } from './member/member';

/** How many messages are remembered. */
const MOST = 10_000;

/**
 * Which member has a message: told by the looks of its id, and among several of one type by what each
 * of them sent and heard since the session started.
 */
export class Holders {
  readonly #members: readonly Member[];
  readonly #known = new Map<string, Member>();

  /** @param members the members, in order */
  constructor(members: readonly Member[]) {
    this.#members = members;
  }

  /** A member sent or heard a message. */
  note(member: Member, id: string): void {
    if (this.#byLooks(id).length < 2) return;
    this.#known.delete(id);
    this.#known.set(id, member);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Whether a message with this id can be one of the member's own. */
  mayHave(member: Member, id: string): boolean {
    const known = this.#known.get(id);
    if (known !== undefined) return known === member;
    const owners = this.#byLooks(id);
    return owners.length === 0 || owners.includes(member);
  }

  #byLooks(id: string): readonly Member[] {
    return this.#members.filter(({ made }) => made.factory.ownsId?.(id) === true);
  }
}
