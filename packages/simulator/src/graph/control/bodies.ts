import { GatewayError } from '@blazz/core';
import type { JsonBody } from '../../control/json-body';
import { type FaultRule, type GraphFault, graphFaultKinds } from '../faults/fault';
import type { JsonObject } from '../messages/parse-message';

/** An object that must be there. @throws GatewayError `bad_request` */
export function objectOf(body: JsonBody, name: string): JsonObject {
  const value = body.raw(name);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new GatewayError('bad_request', `The body needs "${name}", an object.`);
}

/** The texts of a body that are given, by their names in code. @throws GatewayError `bad_request` */
export function textsOf(body: JsonBody, names: Readonly<Record<string, string>>): object {
  const given = Object.entries(names).flatMap(([name, code]) => {
    const value = body.optionalText(name);
    return value === undefined ? [] : [[code, value]];
  });
  return Object.fromEntries(given);
}

/** How the members of faults and matches are called in code. */
const inCode: Readonly<Record<string, string>> = {
  retry_after: 'retryAfter',
  regain_access_minutes: 'regainAccessMinutes',
  content_type: 'contentType',
  phone_number_id: 'phoneNumberId',
  callback_data: 'callbackData',
};

const renamed = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [inCode[name] ?? name, value]));

/** A fault rule of a request. @throws GatewayError `bad_request` */
export function faultRuleOf(body: JsonBody): FaultRule {
  const fault = renamed(objectOf(body, 'fault'));
  if (!graphFaultKinds.some((kind) => kind === fault.kind)) {
    throw new GatewayError('bad_request', `"fault.kind" is one of: ${graphFaultKinds.join(', ')}.`);
  }
  const numbers = (['skip', 'times', 'chance'] as const).flatMap((name) =>
    body.raw(name) === undefined ? [] : [[name, body.number(name)]],
  );
  return {
    fault: fault as unknown as GraphFault,
    ...(body.raw('match') === undefined ? {} : { match: renamed(objectOf(body, 'match')) }),
    ...Object.fromEntries(numbers),
  };
}
