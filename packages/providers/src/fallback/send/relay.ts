import {
  type Attempt,
  type Hop,
  isGatewayError,
  type OutgoingMessage,
  type SendOutcome,
  toGatewayError,
} from '@blazz/core';
import type { Holders } from '../holders';
import { whyNot, withOwnIds } from '../ids';
import type { Member } from '../member/member';
import { type FallbackRule, type Finding, fallbackRules, findingOf } from '../rules';
import { asTemplate, isWindowClosed, type WindowTemplate } from '../window-template';
import { bestOf } from './best-of';
import { barred, comingUp, givenUp, leftAlone, notReady, paced, unable } from './passed-over';
import type { Shares } from './shares';
import type { StartWait } from './start-wait';

/** What a relay works with. */
export interface RelayParts {
  /** The members, in order. */
  readonly members: readonly Member[];
  /** Which member has a message. */
  readonly holders: Holders;
  /** Which member's pace the lane took a share of. */
  readonly shares: Shares;
  /** Who is waited for after the session's start. */
  readonly startWait: StartWait;
  /** What carries a text while the 24-hour window is closed. */
  readonly windowTemplate: WindowTemplate | undefined;
}

/** One message on its way, and the steps that it took. */
interface Trip {
  readonly message: OutgoingMessage;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
  readonly hops: Hop[];
}

/** How it stands with a message at one member. */
export interface Visit {
  /** The member. */
  readonly member: Member;
  /** What was found there. */
  readonly finding: Finding;
  /** The outcome that the message has if nobody else carries it. */
  readonly outcome: SendOutcome;
}

/** The longest that a message waits at a member's gate, in milliseconds; beyond, it waits in the outbox. */
const MAX_GATE_MS = 60_000;

/** Hands a message to one member after the other, for as long as {@link fallbackRules} let it go on. */
export class Relay {
  readonly #parts: RelayParts;

  /** @param parts what the relay works with */
  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** Sends one message, as `Provider.send` says; the outcome tells the member and the hops. */
  async send(
    message: OutgoingMessage,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { members, holders } = this.#parts;
    const trip: Trip = { message, attempt, signal, hops: [] };
    const cannot = members.map((member) => whyNot(member, message, members, holders));
    const last = cannot.lastIndexOf(undefined);
    if (last < 0) return unable(`No member can carry this message: ${cannot.join(' ')}`);
    const visits: Visit[] = [];
    for (const [index, member] of members.slice(0, last + 1).entries()) {
      const before = visits.at(-1);
      if (before !== undefined) trip.hops.push(hop(before, member.name));
      const visit = await this.#visit(member, trip, cannot[index]);
      visits.push(visit);
      if (this.#learn(visit).next !== 'hop') return told(visit, trip);
    }
    return told(bestOf(visits), trip);
  }

  async #visit(member: Member, trip: Trip, cannot: string | undefined): Promise<Visit> {
    const visit = await this.#ask(member, trip, cannot);
    const { bar } = member;
    if (bar === undefined || cannot !== undefined || !goesOn(visit.finding)) return visit;
    // Also what waited for its turn there while the member was barred.
    return { member, finding: 'barred', outcome: barred(bar, trip.attempt) };
  }

  async #ask(member: Member, trip: Trip, cannot: string | undefined): Promise<Visit> {
    const passed = (finding: Finding, outcome: SendOutcome): Visit => ({
      member,
      finding,
      outcome,
    });
    if (trip.signal.aborted) return passed('given_up', givenUp());
    if (cannot !== undefined) return passed('cannot_carry', unable(cannot));
    const startMs = this.#parts.startWait.msFor(member);
    if (startMs > 0) return passed('coming_up', comingUp(member, startMs));
    if (member.state !== 'ready') return passed('not_ready', notReady(member));
    const { state } = member.breaker;
    if (state === 'open') return passed('breaker_open', leftAlone(member));
    if (state === 'closed') return this.#call(member, trip);
    if (member.isProbing) return passed('breaker_half_open', leftAlone(member));
    member.isProbing = true;
    try {
      return await this.#call(member, trip);
    } finally {
      member.isProbing = false;
    }
  }

  async #call(member: Member, trip: Trip): Promise<Visit> {
    const { windowTemplate, members } = this.#parts;
    const message = withOwnIds(trip.message, members);
    const outcome = await this.#hand(member, message, trip);
    const finding = 'finding' in outcome ? outcome.finding : findingOf(outcome, trip.signal);
    const visit = { member, finding, outcome };
    if (windowTemplate === undefined || !isWindowClosed(outcome) || trip.signal.aborted) {
      return visit;
    }
    const template = asTemplate(message, windowTemplate);
    const { messageTypes } = member.provider.capabilities;
    if (template === undefined || !messageTypes.includes('template')) return visit;
    const reason = `The 24-hour window is closed: the text goes out as the template "${windowTemplate.name}".`;
    trip.hops.push({ ...hop(visit, member.name), reason });
    const second = await this.#hand(member, template, trip);
    const found = 'finding' in second ? second.finding : findingOf(second, trip.signal);
    // WhatsApp refused this message here: whatever becomes of the template, nobody else is asked.
    const stays = goesOn(found) ? 'rejected_message' : found;
    return { member, finding: stays, outcome: second };
  }

  /** One call of a member, in its turn. What it throws breaks its contract: nobody can tell what it did. */
  async #hand(
    member: Member,
    message: OutgoingMessage,
    trip: Trip,
  ): Promise<SendOutcome & { readonly finding?: Finding }> {
    const { shares } = this.#parts;
    const { gate, life } = member;
    const { key } = message.recipient;
    const hasShare = shares.spend(key, gate);
    const waitMs = hasShare ? 0 : Math.max(gate.waitMs(), gate.recipientWaitMs(key));
    if (waitMs > MAX_GATE_MS) return paced(member, waitMs);
    let leave: () => void;
    try {
      leave = await gate.enter(key, hasShare, AbortSignal.any([trip.signal, life]));
    } catch {
      return trip.signal.aborted
        ? { ...givenUp(), finding: 'given_up' }
        : { ...notReady(member), finding: 'not_ready' };
    }
    try {
      return await member.provider.send(message, trip.attempt, trip.signal);
    } catch (thrown) {
      const error = toGatewayError(thrown, 'provider_failed', `${member.name} failed to send.`);
      return { status: 'unknown', error };
    } finally {
      leave();
    }
  }

  #learn({ member, finding, outcome }: Visit): FallbackRule {
    if (outcome.status === 'sent') this.#parts.holders.note(member, outcome.provider_message_id);
    const rule = fallbackRules[finding];
    if (rule.breaker === 'success') member.breaker.succeeded();
    else if (rule.breaker === 'failure') member.breaker.failed();
    return rule;
  }
}

function told({ member, outcome }: Visit, { hops }: Trip): SendOutcome {
  const { finding: _, ...plain } = outcome as SendOutcome & { readonly finding?: Finding };
  return { ...plain, via: member.name, ...(hops.length === 0 ? {} : { hops }) };
}

function hop({ member, outcome }: Visit, to: string): Hop {
  const error = outcome.status === 'sent' ? undefined : outcome.error;
  return {
    from: member.name,
    to,
    code: isGatewayError(error) ? error.code : 'provider_failed',
    reason: error?.message ?? '',
  };
}

function goesOn(finding: Finding): boolean {
  return fallbackRules[finding].next === 'hop';
}
