import type { KeyObject } from 'node:crypto';
import { Breaker } from '../breaker';
import { GatewayError } from '../errors/gateway-error';
import { parseWebhookSecret } from '../signing/webhook-signature';
import type { Delivery, DisabledReason, WebhookEndpoint } from '../store/delivery-store';
import { insist } from '../store/insist';
import { withDeadline } from '../wait';
import { DeliveryOrder } from './delivery-order';
import { deliveryLimits, failedDelivery } from './delivery-schedule';
import { EndpointHealth } from './endpoint-health';
import { LogReader } from './log-reader';
import type { WebhookContext } from './webhook-context';
import { deliveryOf, gapOf, requestOf } from './webhook-event';
import type { WebhookAnswer } from './webhook-transport';

/** After five failures in a row an endpoint is left alone for 30 s, then up to 15 min. */
const breakerOptions = { failures: 5, openMs: 30_000, maxOpenMs: 900_000 };

/**
 * Delivers a workspace's events to one endpoint: its own place in the log, its own tries in flight,
 * its own breaker, so that one that hangs is nobody else's matter.
 */
export class Deliverer {
  readonly #context: WebhookContext;
  readonly #reader: LogReader;
  readonly #breaker: Breaker;
  readonly #keys: readonly KeyObject[];
  readonly #ending = new AbortController();
  readonly #order: DeliveryOrder;
  readonly #work = new Set<Promise<void>>();
  readonly #endpoint: WebhookEndpoint;
  readonly #health: EndpointHealth;
  #unwatch: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #pumping = false;
  #again = false;

  /**
   * @param endpoint where to
   * @param context what it works with
   */
  constructor(endpoint: WebhookEndpoint, context: WebhookContext) {
    this.#endpoint = endpoint;
    this.#context = context;
    this.#reader = new LogReader(context.store.events, endpoint, context.clock);
    this.#order = new DeliveryOrder(endpoint, context.store.deliveries);
    this.#breaker = new Breaker(context.clock, breakerOptions);
    this.#health = new EndpointHealth(endpoint, context.store.deliveries, context.clock);
    this.#keys = endpoint.secrets.map(parseWebhookSecret);
  }

  /** Delivers from now on. */
  async start(): Promise<void> {
    const { store } = this.#context;
    await this.#reader.start();
    await this.#order.start();
    this.#unwatch = store.events.watch(this.#endpoint.workspace_id, () => this.wake());
    this.wake();
  }

  /** Stops; what is in flight is called off and comes again with the next start. Idempotent. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#unwatch?.();
    this.#cancelTimer?.();
    while (this.#work.size > 0) await Promise.all(this.#work);
    await this.#reader.save().catch(() => undefined);
  }

  /** Looks for work soon. */
  wake(): void {
    if (this.#ending.signal.aborted) return;
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    this.#track(
      this.#pump()
        .catch((error: unknown) => {
          this.#context.logger.error('a webhook endpoint stumbled', { error });
          this.#wakeIn(5_000);
        })
        .finally(() => {
          this.#pumping = false;
          if (this.#again) this.wake();
        }),
    );
  }

  async #pump(): Promise<void> {
    while (this.#again && !this.#ending.signal.aborted) {
      this.#again = false;
      if (this.#breaker.state === 'open') return this.#wakeIn(this.#breaker.waitMs);
      await this.#retries();
      await this.#news();
      this.#savePlace();
      const { workspace_id, endpoint_id } = this.#endpoint;
      const now = this.#context.clock.now();
      const at = await this.#context.store.deliveries.nextAt(workspace_id, endpoint_id, now);
      if (at !== undefined) this.#wakeIn(at - now);
    }
  }

  /** Nothing waits for it: what is not written down at a crash is delivered again. */
  #savePlace(): void {
    this.#track(
      this.#reader.save().catch((error: unknown) => {
        this.#context.logger.error('the place of a webhook endpoint could not be kept', { error });
        this.#wakeIn(5_000);
      }),
    );
  }

  /** How many more may be in flight: one while the breaker probes. */
  get #free(): number {
    const most = this.#breaker.state === 'closed' ? deliveryLimits.inFlight : 1;
    return most - this.#order.inFlight;
  }

  async #retries(): Promise<void> {
    if (this.#free <= 0) return;
    const { store, clock } = this.#context;
    const { workspace_id, endpoint_id, ordered } = this.#endpoint;
    const due = await store.deliveries.due({
      workspaceId: workspace_id,
      endpointId: endpoint_id,
      now: clock.now(),
      limit: deliveryLimits.inFlight * 2,
      ordered,
    });
    for (const delivery of due) {
      if (this.#free <= 0) return;
      if (!this.#order.isHeld(delivery)) this.#dispatch(delivery);
    }
  }

  async #news(): Promise<void> {
    while (this.#free > 0 && !this.#ending.signal.aborted) {
      const next = await this.#reader.peek();
      if (next === undefined) return;
      const now = this.#context.clock.now();
      if (!('id' in next)) {
        this.#reader.take(next.to);
        this.#dispatch(gapOf(this.#endpoint, next, now), next.to);
        continue;
      }
      if (this.#order.isBusy(next.session_id)) return;
      this.#reader.take(next.seq);
      const delivery = deliveryOf(this.#endpoint, next, now);
      if (this.#order.isBehind(next.session_id)) await this.#queue(delivery);
      else this.#dispatch(delivery, next.seq);
    }
  }

  /** Behind those of its session that wait already. */
  async #queue(delivery: Delivery): Promise<void> {
    await this.#insist(() => this.#context.store.deliveries.put(delivery));
    this.#reader.done(delivery.seq);
  }

  /** @param seq the place in the log that is held until it has been dealt with; a retry holds none */
  #dispatch(delivery: Delivery, seq?: number): void {
    this.#order.began(delivery);
    this.#track(
      this.#try(delivery, seq === undefined)
        .then((isOver) => {
          if (isOver && seq !== undefined) this.#reader.done(seq);
        })
        .catch((error: unknown) => {
          this.#context.logger.error('a delivery could not be written down', { error });
        })
        .finally(() => {
          this.#order.ended(delivery);
          this.wake();
        }),
    );
  }

  /** Tries once. @returns whether the event has been dealt with, for now or for good */
  async #try(delivery: Delivery, isRetry: boolean): Promise<boolean> {
    const answer = await this.#post(delivery);
    if (this.#ending.signal.aborted) return false;
    const { deliveries } = this.#context.store;
    if (answer !== undefined && answer.status >= 200 && answer.status < 300) {
      this.#breaker.succeeded();
      if (isRetry) await this.#insist(() => deliveries.remove(delivery));
      await this.#order.settle(delivery.session_id);
      await this.#insist(() => this.#health.taken());
      this.#context.observer.webhookTried?.({ outcome: 'delivered' });
      return true;
    }
    this.#breaker.failed();
    const { clock, random } = this.#context;
    const failed = failedDelivery(delivery, answer, clock.now(), random);
    await this.#insist(() => deliveries.put(failed));
    if (failed.state === 'dead') await this.#order.settle(delivery.session_id);
    else this.#order.fellBehind(delivery.session_id);
    this.#context.observer.webhookTried?.({ outcome: failed.state === 'dead' ? 'dead' : 'failed' });
    const reason = await this.#insist(() => this.#health.failed(answer?.status));
    if (reason !== undefined) this.#end(reason);
    return true;
  }

  async #post(delivery: Delivery): Promise<WebhookAnswer | undefined> {
    const { clock, transport } = this.#context;
    const request = requestOf(this.#endpoint.url, delivery, this.#keys, clock.now());
    try {
      return await withDeadline((signal) => transport.post(request, signal), {
        clock,
        ms: deliveryLimits.tryMs,
        signal: this.#ending.signal,
        onTimeout: () => new GatewayError('timeout', 'The endpoint did not answer in time.'),
      });
    } catch {
      return undefined;
    }
  }

  #end(reason: DisabledReason): void {
    this.#ending.abort();
    this.#unwatch?.();
    this.#cancelTimer?.();
    const { workspace_id } = this.#endpoint;
    this.#context.logger.warn('a webhook endpoint was disabled', { workspace_id, reason });
  }

  #insist<T>(call: () => Promise<T>): Promise<T> {
    const { clock, logger } = this.#context;
    return insist(call, { clock, logger, ended: this.#ending.signal });
  }

  #wakeIn(ms: number): void {
    this.#cancelTimer?.();
    if (this.#ending.signal.aborted) return;
    this.#cancelTimer = this.#context.clock.schedule(ms, () => this.wake());
  }

  /** @param work never rejects */
  #track(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }
}
