import { GatewayError } from '../errors/gateway-error';
import type { Acquisition, Lease, LeaseStore } from './lease-store';
import type { SessionFence } from './outbox-store';

/*
 * Who gets a lease, and whose writes are refused, as pure functions: store adapters only keep leases.
 */

/**
 * Decides on a request for a lease.
 * @param present the resource's lease, if it ever had one
 * @returns the lease to write, or the present one of somebody else
 */
export function decideLease(
  present: Lease | undefined,
  request: Parameters<LeaseStore['acquire']>[0],
): Acquisition {
  const { resource, holder, now, ttlMs, graceMs } = request;
  const isTaken =
    present !== undefined &&
    present.holder !== holder &&
    present.expires_at > 0 &&
    now < present.expires_at + graceMs;
  if (isTaken) return { acquired: false, lease: present };
  const epoch = (present?.epoch ?? 0) + 1;
  return { acquired: true, lease: { resource, holder, epoch, expires_at: now + ttlMs } };
}

/**
 * Refuses a write whose owner has a successor. A session that was never leased is not fenced.
 * @param present the session's lease, if it ever had one
 * @throws GatewayError `lease_lost`
 */
export function assertNotFenced(present: Lease | undefined, fence: SessionFence): void {
  if (present === undefined || fence.epoch >= present.epoch) return;
  throw new GatewayError(
    'lease_lost',
    'Another instance has taken over this session; stop writing for it.',
    { details: { epoch: present.epoch } },
  );
}
