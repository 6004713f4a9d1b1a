import { GatewayError } from '../errors/gateway-error';
import type { InboundMessage } from '../messages/inbound-message';
import type { ProviderEvent } from '../provider/provider-event';
import type { IntakeEntry } from '../store/intake-store';
import type { Seat } from './seat';

/** The source of what the primary application forwards. */
export const forwarded = 'forwarded';

/**
 * Makes events of an entry.
 * @throws GatewayError when it cannot be read
 */
export type ReadEntry = (entry: IntakeEntry) => readonly ProviderEvent[];

/**
 * Makes events of an entry.
 * @param seats those of the entry's workspace
 * @throws GatewayError `bad_request` when it cannot be read, `not_found` when nobody here reads its format
 */
export function readEntry(entry: IntakeEntry, seats: readonly Seat[]): readonly ProviderEvent[] {
  if (entry.source === forwarded) {
    return [{ type: 'message.received', message: JSON.parse(entry.body) as InboundMessage }];
  }
  const seat = seats.find(
    ({ sessionId, source }) => sessionId === entry.session_id && source === entry.source,
  );
  if (seat !== undefined) return seat.webhook.decode(seat.settings, entry.body);
  throw new GatewayError(
    'not_found',
    'The session has no provider any more that reads this. Configure it under `providers`, and release the entry.',
    { details: { source: entry.source } },
  );
}
