import {
  type Attempt,
  GatewayError,
  type MemberAbilities,
  type MemberStatus,
  type OutgoingMessage,
  type Provider,
  type ProviderCapabilities,
  type ProviderContext,
  type ProviderEvent,
  type SendLimits,
  type SendOutcome,
  toGatewayError,
} from '@blazz/core';
import { Watch } from '@blazz/core/adapters';
import { memberAbilities, ownAbilities } from './abilities/abilities';
import { capabilitiesOf } from './capabilities';
import { Holders } from './holders';
import { withMemberIds } from './ids';
import type { Bars } from './member/bars';
import { Member } from './member/member';
import { flowingStates, type MemberTimings } from './member/member-context';
import type { Turns } from './member/turns';
import { Relay } from './send/relay';
import { Shares } from './send/shares';
import { StartWait } from './send/start-wait';
import type { FallbackSettings } from './settings';
import { Standing } from './standing';
import type { Origins } from './webhook';

/** What all sessions of a factory share. */
export interface SharedParts {
  /** How long things may take. */
  readonly timings: MemberTimings;
  /** How many members that stand by are brought up at once. */
  readonly standbyStarts: Turns;
  /** Which members WhatsApp shut out. */
  readonly bars: Bars;
  /** The members that events came in for. */
  readonly origins: Origins;
}

/** One start of one session that several providers carry. Its abilities are those of its members. */
export class FallbackSession implements Provider {
  /** {@inheritDoc Provider.capabilities} */
  readonly capabilities: ProviderCapabilities;
  /** {@inheritDoc Provider.limits} */
  readonly limits: SendLimits;
  readonly #context: ProviderContext<FallbackSettings>;
  readonly #shared: SharedParts;
  readonly #members: readonly Member[];
  readonly #standing: Standing;
  readonly #startWait: StartWait;
  readonly #holders: Holders;
  readonly #relay: Relay;
  readonly #watch = new Watch();
  #phase: 'new' | 'starting' | 'running' | 'ended' = 'new';
  /** The member that comes up in the session's own turn. */
  #first: Member | undefined;

  /**
   * @param context names, settings, time, chance, and a way to report
   * @param shared what all sessions of the factory share
   */
  constructor(context: ProviderContext<FallbackSettings>, shared: SharedParts) {
    const { settings, clock } = context;
    this.#context = context;
    this.#shared = shared;
    this.#members = settings.members.map((made) => this.#member(made));
    const members = this.#members;
    this.#startWait = new StartWait(clock, settings.startWaitMs);
    const shares = new Shares(members, this.#startWait);
    this.#standing = new Standing(
      members,
      (event) => this.#emit(event),
      () => clock.now(),
    );
    this.#holders = new Holders(members);
    const { windowTemplate } = settings;
    const [holders, startWait] = [this.#holders, this.#startWait];
    this.#relay = new Relay({ members, holders, shares, startWait, windowTemplate });
    this.limits = shares;
    this.capabilities = capabilitiesOf(members);
    Object.assign(this, memberAbilities(members, { holders, watch: this.#watch }));
  }

  /** {@inheritDoc Provider.start} */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#phase !== 'new') {
      throw new GatewayError('conflict', 'A provider starts once; create another one.');
    }
    this.#phase = 'starting';
    this.#startWait.begin();
    try {
      signal.throwIfAborted();
      await this.#bringUp(signal);
      if (this.#phase === 'starting') this.#phase = 'running';
    } catch (thrown) {
      await this.stop();
      throw toGatewayError(thrown, 'start_failed', 'No member could be started.');
    }
  }

  /** {@inheritDoc Provider.send} */
  send(message: OutgoingMessage, attempt: Attempt, signal: AbortSignal): Promise<SendOutcome> {
    return this.#relay.send(message, attempt, signal);
  }

  /** {@inheritDoc Provider.heard} */
  heard(event: ProviderEvent): void {
    const meant = this.#shared.origins.get(event);
    for (const member of this.#members) {
      const { name, made, provider } = member;
      if (made.factory.webhook === undefined || meant?.includes(name) === false) continue;
      if (meant?.length === 1) this.#note(member, event);
      provider.heard?.(event);
    }
  }

  /** {@inheritDoc Provider.members} */
  members(): readonly MemberStatus[] {
    return this.#members.map((member) => member.status());
  }

  /** {@inheritDoc Provider.member} */
  member(name: string): MemberAbilities | undefined {
    const member = this.#members.find((one) => one.name === name);
    return member && ownAbilities(member, { holders: this.#holders, watch: this.#watch });
  }

  /** {@inheritDoc Provider.stop} */
  async stop(): Promise<void> {
    this.#phase = 'ended';
    this.#watch.touch();
    const error = new GatewayError('shutting_down', 'The session was stopped.');
    await Promise.all(this.#members.map((member) => member.stop(error)));
  }

  #member(made: FallbackSettings['members'][number]): Member {
    const { timings, standbyStarts, bars } = this.#shared;
    const member: Member = new Member(made, {
      ...this.#context,
      timings,
      bars,
      takeTurn: async (start, signal) => {
        // The session waited for its own turn already; whoever stands by comes up after that.
        if (member === this.#first && this.#phase === 'starting') return start();
        const leave = await standbyStarts.take(signal);
        await start().finally(leave);
      },
      onMoved: (moved, from) => {
        if (this.#phase === 'ended') return;
        this.#standing.moved(moved, from, this.#phase === 'running');
        this.#watch.touch();
      },
      onPairing: (shown, report) => this.#standing.pairs(shown, report),
      onReport: (reporter, report) => {
        this.#note(reporter, report);
        this.#emit(withMemberIds(reporter.name, report));
      },
    });
    return member;
  }

  /** Whoever heard of a message has it. */
  #note(member: Member, event: ProviderEvent): void {
    if (event.type !== 'message.received' && event.type !== 'message.echo') return;
    this.#holders.note(member, event.message.provider_message_id);
  }

  #emit(event: ProviderEvent): void {
    if (this.#phase !== 'ended') this.#context.emit(event);
  }

  /** Starts whoever is linked, all at once; where nobody is, one after the other until one can be linked. */
  async #bringUp(signal: AbortSignal): Promise<void> {
    const { workspaceId, sessionId } = this.#context;
    const links = await Promise.all(
      this.#members.map(async ({ made: { factory, settings } }) => {
        return (await factory.linked?.(workspaceId, sessionId, settings)) ?? true;
      }),
    );
    const linked = this.#members.filter((_, index) => links[index]);
    const rounds = linked.length > 0 ? [linked] : this.#members.map((member) => [member]);
    for (const member of this.#members) if (!rounds[0]?.includes(member)) member.rest();
    for (const round of rounds) {
      this.#first = round[0];
      for (const member of round) member.start();
      if (await this.#watch.until(() => this.#isUp(round), signal)) return;
    }
    const end = this.#standing.end();
    if (end.type === 'down') throw end.error;
    this.#emit(end);
  }

  /** Whether events flow; `undefined` while that is open. */
  #isUp(round: readonly Member[]): boolean | undefined {
    if (this.#phase !== 'starting') {
      throw new GatewayError('shutting_down', 'The session was stopped while it started.');
    }
    const flows = (one: Member): boolean => flowingStates.has(one.state) || one.waitsForPerson;
    if (this.#members.some(flows)) return true;
    return round.some(({ state }) => state === 'starting') ? undefined : false;
  }
}
