import { GatewayError } from '@blazz/core';
import type { GraphFault, GraphReply } from '../graph/graph-reply';
import { graphError } from './classify';

/**
 * The answer of a call that may simply fail.
 * @throws GatewayError by the table of Graph's codes; `timeout`, `provider_failed` or `not_ready` for a fault
 */
export function unwrap(reply: GraphReply): Readonly<Record<string, unknown>> {
  if (reply.kind === 'answer') return reply.json;
  throw reply.kind === 'refusal' ? graphError(reply.facts) : faultError(reply);
}

const sentences: Readonly<Record<GraphFault['reason'], string>> = {
  timeout: 'Meta did not answer in time.',
  aborted: 'The call to Meta was given up.',
  connection: 'Meta could not be reached, or the connection broke.',
  answer: 'Meta answered with something that is not Graph.',
};

/** The error of a call that got no answer. Its message says what is known. */
export function faultError(fault: GraphFault, nextStep = 'Try again later.'): GatewayError {
  const { reason, status, cause, left } = fault;
  const code =
    reason === 'timeout' ? 'timeout' : reason === 'aborted' ? 'not_ready' : 'provider_failed';
  return new GatewayError(code, `${sentences[reason]} ${nextStep}`, {
    cause,
    details: { fault: reason, left, ...(status === undefined ? {} : { http_status: status }) },
  });
}
