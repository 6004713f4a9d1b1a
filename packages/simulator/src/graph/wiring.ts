import { systemClock } from '@blazz/core';
import { Timers } from '../timers';
import type { GraphServices } from './endpoints/route';
import type { Publish } from './events';
import { FaultBoard } from './faults/fault-board';
import type { GraphContext } from './graph-context';
import { GraphLedger } from './ledger';
import { Limiter } from './limits/limiter';
import { MediaShelf } from './media/media-shelf';
import { Outgoing } from './messages/outgoing';
import { Receipts } from './messages/receipts';
import { allLimits, defaultGraphTimings, type GraphSimulatorOptions } from './options';
import { RestingNames } from './templates/resting-names';
import { Reviews } from './templates/reviews';
import { Callbacks } from './webhooks/callback';
import { WebhookQueue } from './webhooks/webhook-queue';
import { Identifiers } from './world/identifiers';
import { World } from './world/world';

/** Puts the simulated Graph API together: everything but its server. */
export function wireGraph(
  options: GraphSimulatorOptions,
  publish: Publish,
  origin: () => string,
): GraphServices {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const timings = { ...defaultGraphTimings, ...options.timings };
  const timers = new Timers(clock);
  const ids = new Identifiers(random);
  const world = new World(ids, options.isOnWhatsApp ?? (() => true));
  const callbacks = new Callbacks(timers, timings.webhookTimeoutMs);
  const queue = new WebhookQueue({ clock, timers, timings, world, ids, publish }, callbacks);
  const context: GraphContext = {
    clock,
    timers,
    timings,
    ids,
    world,
    shelf: new MediaShelf(clock, timings, ids, origin),
    ledger: new GraphLedger(),
    limiter: new Limiter(clock, { ...allLimits, ...options.limits }),
    faults: new FaultBoard(random),
    queue,
    restingNames: new RestingNames(),
    reviews: new Reviews({ timers, timings, queue }, options.reviews ?? 'approve'),
    switches: {
      receipts: options.receipts ?? 'read',
      refusals: options.refusals ?? 'status',
      userIds: options.userIds ?? true,
    },
    resolveLink: options.resolveLink,
    publish,
  };
  const receipts = new Receipts(context);
  const outgoing = new Outgoing(context, receipts);
  return { context, outgoing, receipts, callbacks, origin };
}
