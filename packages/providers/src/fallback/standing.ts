import { type ActionReason, GatewayError, type MemberState, type ProviderEvent } from '@blazz/core';
import type { Member } from './member/member';
import type { PairingReport } from './member/member-context';

/** How all members together stand. */
type Level =
  | 'new'
  | 'ready'
  | 'syncing'
  | 'starting'
  | 'interrupted'
  | 'pairing'
  | 'person'
  | 'over';

/** States in which a member carries the session, or will by itself. */
const carrying: ReadonlySet<MemberState> = new Set<MemberState>([
  'ready',
  'syncing',
  'starting',
  'interrupted',
  'restarting',
]);

/** What a member's end is called in the log of events. */
const endings: ReadonlySet<MemberState> = new Set<MemberState>([
  'logged_out',
  'action_required',
  'failed',
]);

/**
 * Makes one connection of several: tells the session how all members together stand. It is ready as
 * long as one member is, and ends only when none serves and none comes back by itself.
 */
export class Standing {
  readonly #members: readonly Member[];
  readonly #emit: (event: ProviderEvent) => void;
  readonly #now: () => number;
  #told: Level = 'new';
  #account = '';

  /**
   * @param members the members, in order
   * @param emit reports to the session
   * @param now milliseconds since 1970
   */
  constructor(members: readonly Member[], emit: (event: ProviderEvent) => void, now: () => number) {
    this.#members = members;
    this.#emit = emit;
    this.#now = now;
  }

  /**
   * A member's state changed.
   * @param mayEnd whether the session ends when nobody serves any more; a start finds out itself
   */
  moved(member: Member, from: MemberState, mayEnd: boolean): void {
    if (this.#told === 'over') return;
    const level = this.#level(member);
    if (endings.has(member.state)) this.#alert(member, level);
    if (level === 'over' && !mayEnd) return;
    if (this.#told === 'ready' && level !== 'ready' && level !== 'over') this.#interrupt(member);
    switch (level) {
      case 'ready':
        return this.#ready(member, from);
      case 'syncing':
        this.#syncing();
        break;
      case 'interrupted':
        if (this.#told !== 'interrupted' && this.#told !== 'new') this.#interrupt(member);
        break;
      case 'pairing':
        this.#told = level;
        // What the member itself shows is reported next; what another showed aside now counts.
        return member.state === 'pairing' ? undefined : this.#showAgain();
      case 'person':
        this.#emit({ ...this.#needed(), waiting: true });
        break;
      case 'over':
        this.#told = level;
        return this.#emit(this.end());
      default:
        return;
    }
    this.#told = level;
  }

  /** A member shows a QR or a code. */
  pairs(member: Member, report: PairingReport): void {
    const isAside = this.#members.some((other) => other !== member && carrying.has(other.state));
    this.#emit({ ...report, member: member.name, ...(isAside ? { aside: true } : {}) });
  }

  /** What the session is told when nobody serves, and nobody comes back without a new start. */
  end(): Extract<ProviderEvent, { type: 'down' | 'action_required' | 'logged_out' }> {
    const by = (state: MemberState): Member | undefined =>
      this.#members.find((member) => member.state === state);
    const passing = by('restarting')?.error;
    if (passing !== undefined) return { type: 'down', error: passing };
    if (by('action_required') !== undefined) return this.#needed();
    const unlinked = by('logged_out');
    if (unlinked !== undefined)
      return { type: 'logged_out', reason: unlinked.reason ?? 'unlinked' };
    const why = 'Nobody linked the session in time.';
    const error = by('failed')?.error ?? new GatewayError('timeout', why);
    return { type: 'down', error };
  }

  #level(moved: Member): Level {
    const has = (state: MemberState): boolean =>
      this.#members.some((member) => member.state === state);
    if (has('ready')) return 'ready';
    if (has('syncing')) return 'syncing';
    if (has('starting')) return 'starting';
    if (has('interrupted')) return 'interrupted';
    // When the last one that lived dies, the session replaces them all, in its own turn.
    // Not beside a barred one: each replacement would start the account that is shut out again.
    const isLastToDie =
      moved.state === 'restarting' &&
      !this.#members.some(({ isAlive, bar }) => isAlive || bar !== undefined);
    if (has('restarting')) return isLastToDie ? 'over' : 'interrupted';
    if (has('pairing')) return 'pairing';
    return this.#members.some(({ waitsForPerson }) => waitsForPerson) ? 'person' : 'over';
  }

  #ready(member: Member, from: MemberState): void {
    const account = this.#members.find(({ state }) => state === 'ready')?.account ?? {};
    const text = JSON.stringify(account);
    const isNews = member.state === 'ready' && from !== 'ready';
    if (this.#told === 'ready' && text === this.#account && !isNews) return;
    [this.#told, this.#account] = ['ready', text];
    this.#emit({ type: 'ready', account });
    // The session lets go of its QR when it is ready; that of another member still works.
    this.#showAgain();
  }

  /** How far the one is that will be ready first. */
  #syncing(): void {
    const known = this.#members.flatMap(({ percent }) => percent ?? []);
    if (known.length > 0) this.#emit({ type: 'syncing', percent: Math.max(...known) });
    else if (this.#told !== 'syncing') this.#emit({ type: 'syncing' });
  }

  #interrupt(member: Member): void {
    this.#told = 'interrupted';
    this.#emit({ type: 'interrupted', reason: member.reason ?? member.state });
  }

  /** What a person is needed for: a member that waits for one comes before those that gave up. */
  #needed(): Extract<ProviderEvent, { type: 'action_required' }> {
    const all = this.#members.filter(({ state }) => state === 'action_required');
    const member = all.find(({ waitsForPerson }) => waitsForPerson) ?? all[0];
    return { type: 'action_required', reason: member?.reason as ActionReason };
  }

  #showAgain(): void {
    for (const member of this.#members) {
      if (member.shown !== undefined) this.pairs(member, member.shown);
    }
  }

  #alert(member: Member, level: Level): void {
    const { name, state, reason, error, bar } = member;
    const barred = bar === undefined ? {} : { barred: true };
    const raw = { member: name, state, reason: reason ?? state, ...barred, error: error?.toJSON() };
    const severity = level === 'ready' && bar === undefined ? 'warning' : 'critical';
    this.#emit({
      type: 'account.alert',
      alert: { topic: 'member', event: state, severity, raw },
      key: `member/${name}/${state}/${this.#now()}`,
    });
  }
}
