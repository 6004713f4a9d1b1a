import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { Logger } from '../logger';
import type { Reconciliation } from '../provider/abilities';
import type { Attempt } from '../provider/attempt';
import type { OutboxStore } from '../store/outbox-store';
import { withDeadline } from '../wait';
import { carrierOf } from './carriage';
import type { LaneRoute } from './lane-route';
import type { AttemptRecord, MessageRecord } from './message-record';
import { toOutgoing } from './outgoing';

/** What finding out about unknown sends needs. */
export interface ReconcileContext {
  /** Where the messages are. */
  readonly outbox: OutboxStore;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Whether the session still sends through this provider; looking is over when it does not. */
  readonly isCurrent: () => boolean;
  /** Told of every message that was settled. */
  readonly onChange: (message: MessageRecord) => void;
}

/** How many unknown messages are read from the store at once. */
const PAGE = 100;
/** How long looking for one message may take, in milliseconds. */
const LOOK_MS = 30_000;

/**
 * Looks into every send of a session whose outcome is unknown, and writes down what the provider
 * found out for certain. What it cannot tell stays unknown: nothing is ever sent again from here.
 * Never throws: whatever goes wrong is logged, and tried again with the next `ready`.
 */
export async function reconcile(route: LaneRoute, context: ReconcileContext): Promise<void> {
  const { reconciliation } = route.provider;
  if (reconciliation === undefined) return;
  const { workspaceId, sessionId } = route.fence;
  const query = { sessionId, status: 'unknown', limit: PAGE } as const;
  try {
    // The newest first: somebody may be waiting for them.
    for (let before: number | undefined, more = true; more; ) {
      const page = await context.outbox.list(workspaceId, { ...query, before });
      for (const message of page) {
        if (!context.isCurrent()) return;
        await lookInto(message, reconciliation, route, context);
      }
      before = page.at(-1)?.position;
      more = page.length === PAGE;
    }
  } catch (error) {
    context.logger.warn('unknown sends could not be listed', { error });
  }
}

async function lookInto(
  message: MessageRecord,
  reconciliation: Reconciliation,
  route: LaneRoute,
  context: ReconcileContext,
): Promise<void> {
  const { outbox, clock, logger, onChange } = context;
  const last = message.attempts.at(-1);
  const attempt = last && attemptFor(route, last);
  if (attempt === undefined) return;
  try {
    const outgoing = await toOutgoing(message, (id) => outbox.get(message.workspace_id, id));
    const outcome = await withDeadline(
      (signal) => reconciliation.reconcile(outgoing, attempt, signal),
      { clock, ms: LOOK_MS, onTimeout: () => new GatewayError('timeout', 'Nobody could tell.') },
    );
    if (outcome?.status !== 'sent') return;
    const { provider_message_id } = outcome;
    // By its number: somebody may have had the message sent again while nobody could tell.
    const tracker = { message_id: message.message_id, attempt: attempt.number };
    const proof = { status: 'sent', tracker } as const;
    const now = clock.now();
    const settled = await outbox.applyReceipt(route.fence, provider_message_id, proof, now);
    if (settled !== undefined) onChange(settled);
  } catch (error) {
    const fields = { error, message_id: message.message_id };
    logger.warn('an unknown send could not be looked into', fields);
  }
}

/** The attempt, if the route's provider, or a member of it, is the one that made it. */
function attemptFor(
  { provider, providerType }: LaneRoute,
  made: AttemptRecord,
): Attempt | undefined {
  const attempt = {
    number: made.number,
    epoch: made.epoch,
    startedAt: made.started_at,
    ...(made.provider_message_id === undefined
      ? {}
      : { providerMessageId: made.provider_message_id }),
  };
  const carrier = carrierOf(made);
  const isMember = provider.members?.().some(({ member }) => member === carrier) ?? false;
  if (isMember) return { ...attempt, via: carrier };
  return providerType === carrier || providerType === made.provider ? attempt : undefined;
}
