import type { SendOutcome } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { graphError, ruleOf, waitAfter } from '../errors/classify';
import type { GraphRule } from '../errors/error-class';
import { faultError } from '../errors/unwrap';
import type { GraphReply } from '../graph/graph-reply';

/** What an outcome depends on besides the reply. */
export interface OutcomeContext {
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** Chance. */
  readonly random: () => number;
  /** Told of a refusal; answers how long the message waits, in milliseconds. */
  readonly onRefusal: (rule: GraphRule, waitMs: number) => number;
}

/** What a reply to a send proves. Whatever is not proven is `unknown`. */
export function outcomeOf(reply: GraphReply, context: OutcomeContext): SendOutcome {
  switch (reply.kind) {
    case 'answer':
      return accepted(reply.json);
    case 'fault':
      return reply.left
        ? unknown(faultError(reply, 'The message may have been sent: its first status settles it.'))
        : { status: 'not_sent', error: faultError(reply, 'Nothing left; it is tried again.') };
    case 'refusal':
      return refused(reply.facts, context);
  }
}

function accepted(json: Readonly<Record<string, unknown>>): SendOutcome {
  const id = asText(asRaw(asList(json.messages)[0]).id);
  if (id !== undefined) return { status: 'sent', provider_message_id: id };
  const fault = { kind: 'fault', left: true, reason: 'answer' } as const;
  return unknown(faultError(fault, 'The message may have been sent: its first status settles it.'));
}

function refused(
  facts: Extract<GraphReply, { kind: 'refusal' }>['facts'],
  { attempt, random, onRefusal }: OutcomeContext,
): SendOutcome {
  const rule = ruleOf(facts);
  const waitMs = onRefusal(
    rule,
    Math.max(facts.retryAfterMs ?? 0, waitAfter(rule, attempt, random)),
  );
  const isFinal = attempt >= (rule.retry?.maxAttempts ?? Number.POSITIVE_INFINITY);
  if (rule.outcome === 'not_sent' && !isFinal) {
    // A template that is not there yet keeps the message, not the way: it waits, and no other way is tried.
    const waits = rule.scope === 'pace' || rule.class === 'template';
    const scope = waits ? ({ scope: 'pace' } as const) : {};
    return { status: 'not_sent', error: graphError(facts, rule), retryAfterMs: waitMs, ...scope };
  }
  const error = graphError(facts, { ...rule, outcome: 'rejected' });
  return { status: 'rejected', error, ...(rule.scope === 'channel' ? { scope: rule.scope } : {}) };
}

function unknown(error: ReturnType<typeof faultError>): SendOutcome {
  return { status: 'unknown', error };
}
