import { randomBytes } from 'node:crypto';
import { type Clock, GatewayError } from '@blazz/core';
import type { Caller } from '../http/caller';
import { KeyShare } from './key-share';

/** How long a ticket can be used, in milliseconds. */
const ticketTtlMs = 30_000;

/** The most tickets that wait at a time: a bound on memory, far above any honest use. */
const MAX_TICKETS = 10_000;

/** How many of them one key may have waiting. */
const TICKETS_PER_KEY = 1_000;

/** A ticket for one connection to the event stream. */
export interface Ticket {
  /** The ticket: 43 characters of base64url. */
  readonly ticket: string;
  /** When it stops working, milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Single-use tickets for clients that cannot sign an upgrade, such as browsers: whoever holds one
 * may follow what the caller who asked for it may.
 */
export class StreamTickets {
  readonly #clock: Clock;
  readonly #shares = new KeyShare(TICKETS_PER_KEY);
  readonly #waiting = new Map<string, { readonly caller: Caller; readonly expiresAt: number }>();

  /** @param clock tells when tickets end */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes a ticket.
   * @throws GatewayError `rate_limited` when too many wait to be used, of this key or of all
   */
  issue(caller: Caller): Ticket {
    const now = this.#clock.now();
    this.#forgetOld(now);
    if (this.#waiting.size >= MAX_TICKETS || !this.#shares.take(caller.id)) {
      throw new GatewayError(
        'rate_limited',
        'Too many tickets wait to be used. Use one, or wait.',
        {
          retryAfterMs: ticketTtlMs,
        },
      );
    }
    const ticket = randomBytes(32).toString('base64url');
    const expiresAt = now + ticketTtlMs;
    this.#waiting.set(ticket, { caller, expiresAt });
    return { ticket, expiresAt };
  }

  /** Uses a ticket up; `undefined` when it is unknown, used or over, or its key is. */
  redeem(ticket: string): Caller | undefined {
    const entry = this.#waiting.get(ticket);
    if (entry === undefined) return undefined;
    this.#forget(ticket, entry.caller);
    const now = this.#clock.now();
    return entry.expiresAt > now && entry.caller.validity(now) === 'valid'
      ? entry.caller
      : undefined;
  }

  #forget(ticket: string, caller: Caller): void {
    this.#waiting.delete(ticket);
    this.#shares.give(caller.id);
  }

  /** Tickets live equally long, so the oldest stand first. */
  #forgetOld(now: number): void {
    for (const [ticket, { caller, expiresAt }] of this.#waiting) {
      if (expiresAt > now) return;
      this.#forget(ticket, caller);
    }
  }
}
