import { GatewayError } from '../errors/gateway-error';
import type { InboundMessage } from '../messages/inbound-message';
import type { ProviderEvent } from '../provider/provider-event';
import type { IntakeEntry } from '../store/intake-store';
import type { SeatName, Seats } from './seat';

/** The source of what the primary application forwards. */
export const forwarded = 'forwarded';

/**
 * Makes events of an entry.
 * @throws GatewayError when it cannot be read; a retryable one when it cannot be read now
 */
export type ReadEntry = (entry: IntakeEntry) => readonly ProviderEvent[];

/**
 * Makes events of an entry.
 * @param seats those of the entry's workspace
 * @throws GatewayError `bad_request` when it cannot be read, `not_found` when nobody here reads its
 *   format, `not_ready` while the settings of whoever reads it are wrong
 */
export function readEntry(entry: IntakeEntry, { seats, broken }: Seats): readonly ProviderEvent[] {
  if (entry.source === forwarded) {
    return [{ type: 'message.received', message: JSON.parse(entry.body) as InboundMessage }];
  }
  const isReader = ({ sessionId, source }: SeatName): boolean =>
    sessionId === entry.session_id && source === entry.source;
  const seat = seats.find(isReader);
  if (seat !== undefined) return seat.webhook.decode(seat.settings, entry.body);
  const unread = broken.find(isReader);
  if (unread !== undefined) {
    const why = 'The settings of the provider that reads this are wrong. Mend the configuration.';
    throw new GatewayError('not_ready', why, { cause: unread.error });
  }
  throw new GatewayError(
    'not_found',
    'The session has no provider any more that reads this. Configure it under `providers`, and release the entry.',
    { details: { source: entry.source } },
  );
}
