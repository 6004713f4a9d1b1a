import type { Clock } from '@blazz/core';
import type { Timers } from '../timers';
import type { Publish } from './events';
import type { FaultBoard } from './faults/fault-board';
import type { GraphLedger } from './ledger';
import type { Limiter } from './limits/limiter';
import type { MediaShelf } from './media/media-shelf';
import type { GraphSimulatorOptions, GraphTimings, ReceiptMode } from './options';
import type { RestingNames } from './templates/resting-names';
import type { Reviews } from './templates/reviews';
import type { WebhookQueue } from './webhooks/webhook-queue';
import type { Identifiers } from './world/identifiers';
import type { World } from './world/world';

/** What can be changed while it runs. */
interface GraphSwitches {
  /** How far messages get by themselves. */
  receipts: ReceiptMode;
  /** How a recipient that cannot be reached is told. */
  refusals: 'status' | 'answer';
  /** Whether webhooks carry business-scoped user ids. */
  readonly userIds: boolean;
}

/** What the parts of the simulated Graph API share. */
export interface GraphContext {
  /** Time. */
  readonly clock: Clock;
  /** Delayed work. */
  readonly timers: Timers;
  /** How long things take. */
  readonly timings: GraphTimings;
  /** Chance, as ids. */
  readonly ids: Identifiers;
  /** Who and what there is. */
  readonly world: World;
  /** Media. */
  readonly shelf: MediaShelf;
  /** Every accepted message. */
  readonly ledger: GraphLedger;
  /** Rate limits, and which limits are enforced. */
  readonly limiter: Limiter;
  /** What goes wrong. */
  readonly faults: FaultBoard;
  /** Webhooks on their way. */
  readonly queue: WebhookQueue;
  /** The names of templates that were deleted. */
  readonly restingNames: RestingNames;
  /** The review of templates. */
  readonly reviews: Reviews;
  /** What can be changed. */
  readonly switches: GraphSwitches;
  /** What is behind a link in a message. */
  readonly resolveLink: GraphSimulatorOptions['resolveLink'];
  /** Tells the simulator's listeners. */
  readonly publish: Publish;
}
