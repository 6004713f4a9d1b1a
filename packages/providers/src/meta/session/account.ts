import { type Account, GatewayError } from '@blazz/core';
import { asText } from '../../json/raw';
import { graphError, ruleOf } from '../errors/classify';
import { faultError } from '../errors/unwrap';
import type { GraphReply } from '../graph/graph-reply';
import type { MetaSettings } from '../settings';

/** What Meta calls its own platform. */
const platform = 'cloud_api';

/** What is asked of a number when it starts. */
export const numberFields =
  'id,display_phone_number,verified_name,quality_rating,platform_type,status';

/** The error of a number that is not registered: nobody can send by it until it is. */
export function unregistered(): GatewayError {
  const facts = { code: 133010, isTransient: false };
  const { message, details } = graphError(facts, ruleOf(facts));
  return new GatewayError('start_failed', message, { details, retryable: false });
}

/**
 * Reads what Meta says of the number.
 * @throws GatewayError `start_failed`: for good when a person has to mend something, otherwise to be tried again
 */
export function accountOf(reply: GraphReply, settings: MetaSettings): Account {
  if (reply.kind === 'fault') {
    throw new GatewayError('start_failed', faultError(reply, 'It is tried again.').message, {
      cause: reply.cause,
      details: faultError(reply).details,
    });
  }
  if (reply.kind === 'refusal') {
    const rule = ruleOf(reply.facts);
    const { message, details } = graphError(reply.facts, rule);
    throw new GatewayError('start_failed', message, {
      details,
      retryable: rule.outcome === 'not_sent',
      retryAfterMs: reply.facts.retryAfterMs,
    });
  }
  const { json } = reply;
  // A number that never was, or is no longer, on the Cloud API has no platform and is not connected.
  if (json.platform_type === 'NOT_APPLICABLE' && json.status !== 'CONNECTED') throw unregistered();
  const phone = (asText(json.display_phone_number) ?? '').replace(/\D/g, '');
  const name = asText(json.verified_name) ?? settings.display_name;
  return {
    platform,
    ...(phone === '' ? {} : { phone }),
    ...(name === undefined ? {} : { name }),
  };
}
