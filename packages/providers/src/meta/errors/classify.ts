import { GatewayError } from '@blazz/core';
import type { GraphErrorFacts } from '../graph/graph-error-facts';
import { classRules } from './class-rules';
import type { GraphRule } from './error-class';
import { graphCodes } from './graph-codes';

/** A code that the table does not have: final, since nobody knows that trying again is safe. */
const unknownCode: GraphRule = {
  ...classRules.unclassified,
  class: 'unclassified',
  meaning: 'Meta refused it with a code that is not known here',
  nextStep: "look the code up in Meta's list of error codes",
};

/** What follows from an error of Graph. */
export function ruleOf({ code, subcode, isTransient }: GraphErrorFacts): GraphRule {
  // Meta keeps 200 to 299 for missing permissions.
  const key = code >= 200 && code <= 299 ? 200 : code;
  const found = graphCodes[`${key}/${subcode}`] ?? graphCodes[String(key)];
  if (found !== undefined && found.outcome === 'not_sent') return found;
  // Graph calls it passing: believed for what would otherwise be one message's refusal.
  const isDoubtful = found === undefined || found.class === 'content';
  if (isTransient && isDoubtful) {
    const base = found ?? unknownCode;
    return { ...base, ...classRules.transient, class: 'transient' };
  }
  return found ?? unknownCode;
}

/** The waits of a rule: how long before the try that follows attempt `attempt`, from 1, in milliseconds. */
export function waitAfter(rule: GraphRule, attempt: number, random: () => number): number {
  if (rule.retry === undefined) return 0;
  const { baseMs, factor, maxMs } = rule.retry;
  const ms = Math.min(maxMs, baseMs * factor ** Math.min(attempt - 1, 30));
  // Many messages were refused together: up to a quarter more keeps them from coming back together.
  return Math.round(ms * (1 + random() / 4));
}

/**
 * The error that is told on: a sentence of ours, and Graph's codes. Never Meta's own text, which may
 * hold phone numbers.
 */
export function graphError(facts: GraphErrorFacts, rule: GraphRule = ruleOf(facts)): GatewayError {
  const { code, subcode, traceId, retryAfterMs } = facts;
  const name = subcode === undefined ? String(code) : `${code}/${subcode}`;
  const meaning = rule.meaning.charAt(0).toUpperCase() + rule.meaning.slice(1);
  return new GatewayError(rule.code, `${meaning} (Graph ${name}). Next: ${rule.nextStep}.`, {
    retryable: rule.outcome === 'not_sent',
    retryAfterMs,
    details: {
      graph_code: code,
      ...(subcode === undefined ? {} : { graph_subcode: subcode }),
      class: rule.class,
      ...(traceId === undefined ? {} : { fbtrace_id: traceId }),
    },
  });
}
