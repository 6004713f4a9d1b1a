import type { Clock } from '@blazz/core';
import type { Timers } from '../../timers';
import type { Publish } from '../events';
import type { GraphTimings } from '../options';
import type { GraphApp } from '../world/app';
import type { Identifiers } from '../world/identifiers';
import type { World } from '../world/world';
import type { Callbacks } from './callback';
import { fairConditions, type WebhookConditions } from './conditions';
import { pack, type WebhookBody, type WebhookItem } from './envelope';
import { signatureOf } from './signature';

/** What a {@link WebhookQueue} needs. */
export interface WebhookQueueContext {
  /** Stamps. */
  readonly clock: Clock;
  /** Delays. */
  readonly timers: Timers;
  /** How long they are. */
  readonly timings: GraphTimings;
  /** Who is subscribed to what. */
  readonly world: World;
  /** Chance. */
  readonly ids: Identifiers;
  /** Tells the simulator's listeners. */
  readonly publish: Publish;
}

interface Lane {
  readonly app: GraphApp;
  readonly url: string;
  waiting: WebhookItem[];
}

/** Webhooks on their way: gathered, signed, delivered, repeated until the callback says 200. */
export class WebhookQueue {
  readonly #context: WebhookQueueContext;
  readonly #callbacks: Callbacks;
  readonly #lanes = new Map<string, Lane>();
  readonly #waiters: (() => void)[] = [];
  #pending = 0;
  /** How they travel. */
  conditions: WebhookConditions = fairConditions;

  /**
   * @param context time, subscriptions, listeners
   * @param callbacks the network
   */
  constructor(context: WebhookQueueContext, callbacks: Callbacks) {
    this.#context = context;
    this.#callbacks = callbacks;
  }

  /** How many items and deliveries are on their way. */
  get pending(): number {
    return this.#pending;
  }

  /** Resolves when nothing is on its way any more: delivered, or given up. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Sends an item to every app that is subscribed to its account. */
  push(item: WebhookItem): void {
    const { world, ids } = this.#context;
    for (const subscription of world.accounts.get(item.wabaId)?.subscriptions.values() ?? []) {
      const app = world.apps.get(subscription.appId);
      const url = subscription.overrideUrl ?? app?.callbackUrl;
      if (!app || url === undefined) continue;
      if (app.fields && !app.fields.has(item.field)) continue;
      if (this.conditions.loss > 0 && ids.below(1_000_000) < this.conditions.loss * 1_000_000)
        continue;
      this.#gather(app, url, item);
    }
  }

  /** Delivers a body as it is, signed with the app's secret: for bodies that Meta would never send. */
  async deliverRaw(app: GraphApp, url: string, text: string): Promise<void> {
    this.#begin();
    await this.#deliver({ app, url, waiting: [] }, { text, items: [] });
  }

  #gather(app: GraphApp, url: string, item: WebhookItem): void {
    const key = `${app.id} ${url}`;
    const lane = this.#lanes.get(key) ?? { app, url, waiting: [] };
    this.#lanes.set(key, lane);
    lane.waiting.push(item);
    if (lane.waiting.length > 1) return;
    this.#begin();
    this.#context.timers.after(this.#context.timings.batchMs, () => {
      this.#flush(lane);
      this.#end();
    });
  }

  #flush(lane: Lane): void {
    const { batchSize, copies, shuffle } = this.conditions;
    const items = shuffle ? this.#shuffled(lane.waiting) : lane.waiting;
    lane.waiting = [];
    for (const body of pack(items, batchSize, this.#context.clock.now())) {
      for (let copy = 0; copy <= copies; copy++) {
        this.#begin();
        this.#deliver(lane, body).catch(() => undefined);
      }
    }
  }

  async #deliver(lane: Lane, body: WebhookBody): Promise<void> {
    const { timers, timings, publish, ids } = this.#context;
    const { jitterMs } = this.conditions;
    if (jitterMs > 0) await timers.wait(ids.below(jitterMs + 1));
    try {
      for (let attempt = 1; ; attempt++) {
        const answer = await this.#callbacks.post(lane.url, body.text, {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body.text)),
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': signatureOf(body.text, lane.app.secret),
        });
        const told = {
          url: lane.url,
          body: body.text,
          items: body.items.length,
          attempt,
          ...(answer ? { status: answer.status } : {}),
        };
        publish('webhook', told);
        if (answer?.status === 200) {
          tell(body, 'DELIVERED');
          return;
        }
        const pause = timings.webhookRetriesMs[attempt - 1];
        if (pause === undefined) {
          tell(body, 'FAILED');
          publish('webhook_given_up', told);
          return;
        }
        tell(body, 'RETRYING');
        await timers.wait(pause);
      }
    } finally {
      this.#end();
    }
  }

  #shuffled(items: readonly WebhookItem[]): WebhookItem[] {
    const mixed = [...items];
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = this.#context.ids.below(last + 1);
      const item = mixed[last] as WebhookItem;
      mixed[last] = mixed[other] as WebhookItem;
      mixed[other] = item;
    }
    return mixed;
  }

  #begin(): void {
    this.#pending += 1;
  }

  #end(): void {
    this.#pending -= 1;
    if (this.#pending > 0) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

function tell({ items }: WebhookBody, state: 'DELIVERED' | 'RETRYING' | 'FAILED'): void {
  for (const { progress } of items) progress?.(state);
}
