import { type BackoffOptions, backoff } from '../backoff';
import type { ErrorBody, GatewayError } from '../errors/gateway-error';
import type { SendOutcome } from '../provider/send-outcome';
import { carriageOf } from './carriage';
import type { MessageRecord } from './message-record';
import type { AttemptOutcome, AttemptResult } from './transitions';

/** How often, and how soon, a message is tried again. */
export interface AttemptPolicy extends BackoffOptions {
  /** How many attempts a message gets before it fails, those not counted that met nothing but a limit. At least 1. */
  readonly maxAttempts: number;
}

/** Ten tries, 1 s to 5 min apart. */
export const defaultAttemptPolicy: AttemptPolicy = {
  maxAttempts: 10,
  baseMs: 1_000,
  maxMs: 300_000,
};

/**
 * What becomes of a message after an attempt: the one table that decides on another try.
 * `sent` and `rejected` end it. `not_sent` goes back into the queue until the tries are used up; one
 * that met nothing but a limit (`scope: "pace"`) uses up none.
 * `unknown` is held, and goes back only when the message itself asked for at-least-once.
 */
export function resultOf(
  outcome: SendOutcome,
  message: MessageRecord,
  policy: AttemptPolicy,
  now: number,
  random: () => number,
): AttemptResult {
  return { ...endOf(outcome, message, policy, now, random), ...carriageOf(outcome) };
}

function endOf(
  outcome: SendOutcome,
  message: MessageRecord,
  policy: AttemptPolicy,
  now: number,
  random: () => number,
): AttemptOutcome {
  const number = message.attempts.at(-1)?.number ?? 1;
  const tries = message.attempts.filter(({ scope }) => scope !== 'pace').length;
  const later = (waitMs: number | undefined, nth: number): number =>
    now + (waitMs ?? backoff(policy, nth, random));
  const again = (waitMs?: number): number | undefined =>
    tries >= policy.maxAttempts ? undefined : later(waitMs, tries);
  switch (outcome.status) {
    case 'sent':
      return { outcome: 'sent', provider_message_id: outcome.provider_message_id };
    case 'rejected':
      return { outcome: 'rejected', error: publicBody(outcome.error), scope: outcome.scope };
    case 'not_sent': {
      const { scope, retryAfterMs } = outcome;
      return {
        outcome: 'not_sent',
        error: publicBody(outcome.error),
        scope,
        retry_at: scope === 'pace' ? later(retryAfterMs, number) : again(retryAfterMs),
      };
    }
    case 'unknown': {
      const retry_at = message.on_ambiguous === 'retry' ? again() : undefined;
      return {
        outcome: 'unknown',
        error: publicBody(outcome.error),
        ...(outcome.provider_message_id === undefined
          ? {}
          : { provider_message_id: outcome.provider_message_id }),
        ...(retry_at === undefined ? {} : { retry_at }),
      };
    }
  }
}

function publicBody(error: GatewayError): ErrorBody {
  return error.toJSON();
}
