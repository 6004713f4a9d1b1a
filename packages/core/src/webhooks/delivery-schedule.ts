import type { Delivery } from '../store/delivery-store';
import type { WebhookAnswer } from './webhook-transport';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after each failed try, the first one first, in milliseconds. Ten tries in all. */
export const deliveryWaits: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Times that deliveries keep to, in milliseconds. */
export const deliveryLimits: {
  /** How long one try may take. */
  readonly tryMs: number;
  /** After how long without a success an endpoint is disabled. */
  readonly failingMs: number;
  /** The longest `Retry-After` that is honoured. */
  readonly retryAfterMs: number;
  /** How long what was given up is kept. */
  readonly deadMs: number;
  /** How many tries of one endpoint are in flight at a time. */
  readonly inFlight: number;
} = {
  tryMs: 15 * SECOND,
  failingMs: 120 * HOUR,
  retryAfterMs: 24 * HOUR,
  deadMs: 30 * 24 * HOUR,
  inFlight: 8,
};

/**
 * A delivery after a try that failed: waiting for the next one, or given up. Waits vary by a fifth
 * either way, so that a thousand events that failed together do not come back together.
 * @param answer what was answered; `undefined` when nothing was
 * @param now milliseconds since 1970
 * @param random chance, 0 up to 1
 */
export function failedDelivery(
  delivery: Delivery,
  answer: WebhookAnswer | undefined,
  now: number,
  random: () => number,
): Delivery {
  const attempts = delivery.attempts + 1;
  const wait = deliveryWaits[attempts - 1];
  const asked = Math.min(answer?.retryAfterMs ?? 0, deliveryLimits.retryAfterMs);
  const { last_status: _, ...rest } = delivery;
  const last = answer === undefined ? {} : { last_status: answer.status };
  if (wait === undefined) return { ...rest, ...last, attempts, state: 'dead', at: now };
  const at = now + Math.max(Math.round(wait * (0.8 + 0.4 * random())), asked);
  return { ...rest, ...last, attempts, state: 'waiting', at };
}
