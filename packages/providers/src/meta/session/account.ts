import { type Account, GatewayError } from '@blazz/core';
import { asText } from '../../json/raw';
import { graphError, ruleOf } from '../errors/classify';
import { faultError } from '../errors/unwrap';
import type { GraphReply } from '../graph/graph-reply';
import type { MetaSettings } from '../settings';

/** What Meta calls its own platform. */
const platform = 'cloud_api';

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
  const phone = (asText(json.display_phone_number) ?? '').replace(/\D/g, '');
  const name = asText(json.verified_name) ?? settings.display_name;
  return {
    platform,
    ...(phone === '' ? {} : { phone }),
    ...(name === undefined ? {} : { name }),
  };
}
