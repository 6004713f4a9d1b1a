import { type Attempt, GatewayError, type SendOutcome } from '@blazz/core';
import type { Member } from '../member/member';

/*
 * What a message comes to at a member that was not asked, or that gave it back: in every case,
 * nothing left.
 */

/** How soon a message is offered again to a barred member, in milliseconds: at first, and at most. */
const BARRED_MS = { first: 15_000, most: 300_000 };

/** This member cannot carry it, or none can, whatever their state. */
export function unable(why: string): SendOutcome {
  return { status: 'rejected', error: new GatewayError('unsupported_content', why) };
}

/** Whoever sent it no longer waits for an outcome. */
export function givenUp(): SendOutcome {
  const why = 'The send was given up before anything left.';
  return { status: 'not_sent', error: new GatewayError('timeout', why) };
}

/** The member is not connected. */
export function notReady({ name, state, reason }: Member): SendOutcome {
  const why = `${name} is not ready: ${state}${reason === undefined ? '' : ` (${reason})`}.`;
  return { status: 'not_sent', error: new GatewayError('not_ready', why) };
}

/** The member is about to be ready, and the session has only just started. */
export function comingUp({ name }: Member, waitMs: number): SendOutcome {
  const why = `${name} still comes up; the message waits for it.`;
  const error = new GatewayError('not_ready', why);
  return { status: 'not_sent', error, retryAfterMs: waitMs, scope: 'pace' };
}

/** WhatsApp shut the member's account out: asked for less and less often, since it may last for days. */
export function barred(bar: GatewayError, { number }: Attempt): SendOutcome {
  const { first, most } = BARRED_MS;
  const retryAfterMs = Math.min(most, first * 2 ** Math.min(number - 1, 30));
  return { status: 'not_sent', error: bar, retryAfterMs, scope: 'pace' };
}

/** The member's breaker is open, or a probe of it is under way. */
export function leftAlone({ name, breaker: { waitMs } }: Member): SendOutcome {
  const why = `${name} failed several times in a row and is left alone for a while.`;
  const error = new GatewayError('provider_failed', why);
  return { status: 'not_sent', error, ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}) };
}

/** A limit would keep it at the member's gate for long. */
export function paced({ name }: Member, waitMs: number): SendOutcome {
  const why = `${name} must not send to this recipient yet; the message waits.`;
  const error = new GatewayError('rate_limited', why);
  return { status: 'not_sent', error, retryAfterMs: waitMs, scope: 'pace' };
}
