import { GatewayError } from '../errors/gateway-error';
import { newId } from '../ids';
import type { IntakeEntry, IntakeStore, QuarantinedEntry } from '../store/intake-store';
import type { SeatName } from './seat';

/**
 * An entry for what came in now.
 * @param for_ whom it is for
 * @param body as it came
 * @param now milliseconds since 1970
 */
export function newEntry(for_: SeatName, body: string, now: number): IntakeEntry {
  return {
    entry_id: newId('in', now),
    workspace_id: for_.workspaceId,
    session_id: for_.sessionId,
    source: for_.source,
    body,
    received_at: now,
  };
}

/**
 * An entry that was set aside.
 * @param workspaceId whose it is; empty for nobody's
 * @throws GatewayError `not_found`
 */
export async function setAside(
  intake: IntakeStore,
  workspaceId: string,
  entryId: string,
): Promise<QuarantinedEntry> {
  const [entry] = await intake.quarantined(workspaceId, { before: `${entryId}~`, limit: 1 });
  if (entry?.entry_id !== entryId) throw notSetAside();
  return entry;
}

/** What is said to whoever asks for an entry that is not among those set aside. */
export function notSetAside(): GatewayError {
  return new GatewayError('not_found', 'There is no such entry among those set aside.');
}
