/**
 * What adapters are made of. For the store port: the pure rules of what becomes of messages and leases,
 * so that every adapter agrees, and the indexes that an adapter may keep in memory. For providers that
 * are made of several: when to leave one alone, and when to start it again. For sources of workspaces:
 * whether one could run.
 * @packageDocumentation
 */

// Starting again what died
export { backoff } from './backoff';
// Leaving alone whoever fails
export { Breaker, type BreakerOptions, type BreakerState } from './breaker';
// Checking what a workspace runs on
export { assertRunnable } from './gateway/provider-of';
// What becomes of a message
export { acceptedRecord } from './outbox/changed-record';
export { decide } from './outbox/decision';
export { type Due, dueAt, holdsUp } from './outbox/due';
export { applyReceipt, heldReceiptLimits, mergeHeld } from './outbox/receipts';
export { statusEvent } from './outbox/status-event';
export { beginAttempt, cutOff, expire, finishAttempt, isCutOff } from './outbox/transitions';
export { RestartPolicy } from './session/restart-policy';
// Who owns a session
export { dedupeKeyMs } from './store/event-store';
export { assertNotFenced, decideLease } from './store/lease-rules';
// Indexes in memory
export { ExpiringMap } from './store/memory/expiring-map';
export { type QueueClaim, type QueuedMessage, SessionQueue } from './store/memory/session-queue';
// Waiting for a change
export { Watch } from './watch';
