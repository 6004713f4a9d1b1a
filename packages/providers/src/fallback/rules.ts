import type { SendOutcome } from '@blazz/core';

/** How it stands with a message at one member: what its send came to, or why it was passed over. */
export type Finding =
  | 'sent'
  | 'unknown'
  | 'rejected_message'
  | 'rejected_channel'
  | 'not_sent_pace'
  | 'not_sent_channel'
  | 'given_up'
  | 'barred'
  | 'coming_up'
  | 'not_ready'
  | 'breaker_open'
  | 'breaker_half_open'
  | 'cannot_carry';

/** What follows from a finding. */
export interface FallbackRule {
  /** What was found, in words. */
  readonly finding: string;
  /**
   * `stay`: the outcome stands, no other member is asked. `wait`: it stands too, and the message
   * comes back to this member. `hop`: the next member is asked.
   */
  readonly next: 'stay' | 'wait' | 'hop';
  /** What the member's breaker learns. */
  readonly breaker: 'success' | 'failure' | 'nothing';
  /** Why. */
  readonly because: string;
}

const rule = (
  finding: string,
  next: FallbackRule['next'],
  breaker: FallbackRule['breaker'],
  because: string,
): FallbackRule => ({ finding, next, breaker, because });

/**
 * The one table that decides whether a message may go on to the next member. A message goes on only
 * when it provably did not leave, and never to get around a refusal of the message itself.
 */
export const fallbackRules: Readonly<Record<Finding, FallbackRule>> = {
  sent: rule('`sent`', 'stay', 'success', 'WhatsApp has it'),
  unknown: rule('`unknown`', 'stay', 'nothing', 'it may have left: a second send could double it'),
  rejected_message: rule(
    '`rejected`, scope `message`',
    'stay',
    'nothing',
    'WhatsApp refused this message or its recipient: no other way gets around that',
  ),
  rejected_channel: rule(
    '`rejected`, scope `channel`',
    'hop',
    'failure',
    'this way is closed, whatever the message',
  ),
  not_sent_pace: rule(
    '`not_sent`, scope `pace`',
    'wait',
    'nothing',
    'a limit that passes by itself: the message waits for it',
  ),
  not_sent_channel: rule('`not_sent`, scope `channel`', 'hop', 'failure', 'provably nothing left'),
  given_up: rule(
    'the send was aborted and nothing left',
    'stay',
    'nothing',
    'whoever aborted it no longer waits for an outcome',
  ),
  barred: rule(
    'not asked: barred',
    'wait',
    'nothing',
    'WhatsApp shut its account out: the message waits there, no other way gets around that',
  ),
  coming_up: rule(
    'not asked: still comes up, right after the start of the session',
    'wait',
    'nothing',
    'it is given a moment, or whoever is quicker would get all that was queued',
  ),
  not_ready: rule('not asked: not ready', 'hop', 'nothing', 'it is not connected'),
  breaker_open: rule(
    'not asked: breaker `open`',
    'hop',
    'nothing',
    'it failed several times in a row and is left alone for a while',
  ),
  breaker_half_open: rule(
    'not asked: breaker `half_open`, its probe under way',
    'hop',
    'nothing',
    'one send at a time finds out whether it works again',
  ),
  cannot_carry: rule(
    'not asked: cannot carry this message, and another member can',
    'hop',
    'nothing',
    'it has no such type of message, or not what the message refers to',
  ),
};

/** What a member's outcome is, in the words of the table. */
export function findingOf(outcome: SendOutcome, signal: AbortSignal): Finding {
  switch (outcome.status) {
    case 'sent':
    case 'unknown':
      return outcome.status;
    case 'rejected':
      return outcome.scope === 'channel' ? 'rejected_channel' : 'rejected_message';
    case 'not_sent':
      if (signal.aborted) return 'given_up';
      return outcome.scope === 'pace' ? 'not_sent_pace' : 'not_sent_channel';
  }
}
