import { GraphError } from '../errors/graph-error';
import { check } from '../schemas/check';
import { registerSchema, requestCodeSchema, verifyCodeSchema } from '../schemas/number-requests';
import type { BusinessNumber } from '../world/business-number';
import { endpointsOf, type GraphEndpoint } from './route';

const onNumber = endpointsOf('number', 'whatsapp_business_management');

/** So many registrations and deregistrations in 72 hours. */
const maxRegistrations = 10;
const registrationWindowMs = 72 * 3_600_000;
/** A number rests so long between deregistration and registration. */
const restMs = 5 * 60_000;
/** So many wrong pins lock the number for a while. */
const maxWrongPins = 5;
/** How long the lock lasts after the last wrong pin. */
const lockMs = 12 * 3_600_000;
/** How long a code works after it was sent. */
const codeMs = 10 * 60_000;
/** So many wrong codes in a row, and none is looked at for a while. */
const maxWrongCodes = 5;
/** How long that lasts. */
const codesLockMs = 3_600_000;

function countRegistration(number: BusinessNumber, now: number): void {
  const recent = number.registrations.filter((time) => now - time < registrationWindowMs);
  if (recent.length >= maxRegistrations) {
    throw new GraphError(133016, {
      details: `A number is registered and deregistered at most ${maxRegistrations} times in 72 hours.`,
    });
  }
  number.registrations.splice(0, number.registrations.length, ...recent, now);
}

function checkPin(number: BusinessNumber, pin: string, now: number): void {
  if (number.wrongPins >= maxWrongPins) {
    const left = number.lockedUntil - now;
    if (left > 0) {
      throw new GraphError(133008, {
        details: `Too many wrong pins: wait ${Math.ceil(left / 1000)} seconds.`,
      });
    }
    number.wrongPins = 0;
  }
  if (number.pin === undefined || number.pin === pin) {
    number.wrongPins = 0;
    return;
  }
  number.wrongPins += 1;
  number.lockedUntil = now + lockMs;
  throw new GraphError(133005, { details: 'The pin is not the one of two-step verification.' });
}

function checkCode(number: BusinessNumber, code: unknown, now: number): void {
  if (number.codesLockedUntil > now) {
    throw new GraphError(4, {
      status: 429,
      subcode: 2446079,
      transient: true,
      details: 'Too many verification attempts.',
    });
  }
  const isOld = now - number.codeSentAt > codeMs;
  if (number.code !== undefined && code === number.code && !isOld) {
    number.wrongCodes = 0;
    return;
  }
  number.wrongCodes += 1;
  if (number.wrongCodes >= maxWrongCodes) {
    number.wrongCodes = 0;
    number.code = undefined;
    number.codesLockedUntil = now + codesLockMs;
  }
  throw new GraphError(136025, { details: 'The code is not the one that was sent, or too old.' });
}

/** Registering numbers, and proving their ownership. */
export const registrationEndpoints: readonly GraphEndpoint[] = [
  onNumber('register', 'POST', 'register', ({ node, request, services }) => {
    check(registerSchema, request.body);
    const now = services.context.clock.now();
    if (!node.verified) {
      throw new GraphError(133006, { details: 'Prove the ownership of the number first.' });
    }
    if (node.deregisteredAt !== undefined && now - node.deregisteredAt < restMs) {
      throw new GraphError(133015, { details: 'This number was deregistered a moment ago.' });
    }
    countRegistration(node, now);
    checkPin(node, request.body.pin as string, now);
    node.pin = request.body.pin as string;
    node.registered = true;
    return { success: true };
  }),
  onNumber('deregister', 'POST', 'deregister', ({ node, services }) => {
    const now = services.context.clock.now();
    if (!node.registered) throw new GraphError(133010);
    countRegistration(node, now);
    node.registered = false;
    node.deregisteredAt = now;
    return { success: true };
  }),
  onNumber('request_code', 'POST', 'request_code', ({ node, request, services }) => {
    check(requestCodeSchema, fromQuery(request.body, request.query));
    if (node.verified) {
      throw new GraphError(136024, { details: 'The number was verified already.' });
    }
    node.code = services.context.ids.code();
    node.codeSentAt = services.context.clock.now();
    return { success: true };
  }),
  onNumber('verify_code', 'POST', 'verify_code', ({ node, request, services }) => {
    const body = fromQuery(request.body, request.query);
    check(verifyCodeSchema, body);
    checkCode(node, body.code, services.context.clock.now());
    node.code = undefined;
    node.verified = true;
    return { success: true, id: node.id };
  }),
];

/** These two endpoints take their parameters in the query as well. */
function fromQuery(
  body: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
): Readonly<Record<string, unknown>> {
  const asked = Object.fromEntries([...query].filter(([name]) => name !== 'access_token'));
  return { ...asked, ...body };
}
