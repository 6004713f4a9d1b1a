import { type GatewayError, isGatewayError } from '../errors/gateway-error';
import type { Observer } from '../observer';
import type { SendOutcome } from '../provider/send-outcome';
import { type InsistContext, insist } from '../store/insist';
import type { OutboxStore } from '../store/outbox-store';
import { delay } from '../wait';
import { type AttemptPolicy, resultOf } from './attempt-policy';
import { callProvider } from './call-provider';
import type { LaneRoute } from './lane-route';
import { LaneWork } from './lane-work';
import type { MessageRecord } from './message-record';
import type { SendDeadlines } from './send-deadlines';

/** What a lane needs. */
export interface LaneContext extends InsistContext {
  /** Where the messages are. */
  readonly outbox: OutboxStore;
  /** When to try again. */
  readonly policy: AttemptPolicy;
  /** How long a send may take before its outcome counts as unknown. */
  readonly deadlines: SendDeadlines;
  /** Chance. */
  readonly random: () => number;
  /** Metrics. */
  readonly observer: Observer;
  /** Told of every message that an attempt changed. */
  readonly onChange: (message: MessageRecord) => void;
  /** Told that the session belongs to somebody else now. */
  readonly onFenced: (error: GatewayError) => void;
}

/** How long a lane waits after a fault that nobody foresaw, in milliseconds: it must not spin. */
const STUMBLE_MS = 5_000;

const nothing = Promise.resolve(undefined);

/**
 * One session's paced drain: in order per recipient, as many recipients at once as the provider
 * allows, waiting while the session is not ready. It holds no messages: the store does.
 */
export class Lane {
  readonly #context: LaneContext;
  #work: LaneWork | undefined;
  #route: LaneRoute | undefined;
  #cancelTimer: (() => void) | undefined;
  #pumping = false;
  #again = false;

  /** @param context what the lane needs */
  constructor(context: LaneContext) {
    this.#context = context;
  }

  /** Begins, or goes on, to send through a provider. */
  open(route: LaneRoute): void {
    this.#route = route;
    this.wake();
  }

  /** Whether the lane sends through this route. */
  isThrough(route: LaneRoute): boolean {
    return this.#route === route;
  }

  /** Begins no further send. Those in flight go on. */
  close(): void {
    this.#route = undefined;
    // Whoever a limit of this provider holds need not wait for the next one.
    this.#work?.release(true);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Resolves when nothing is in flight. Close the lane first. */
  async drained(): Promise<void> {
    while (this.#work !== undefined && this.#work.inFlight.size > 0) await this.current();
  }

  /** Resolves when the sends that are in flight now are over; later ones do not count. */
  async current(): Promise<void> {
    await Promise.all(this.#work?.inFlight ?? []);
  }

  /** Looks for work soon: something was accepted, or became due. */
  wake(): void {
    if (this.#route === undefined) return;
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    this.#track(this.#pumpOnce());
  }

  async #pumpOnce(): Promise<void> {
    try {
      await this.#pump();
    } catch (error) {
      this.#context.logger.error('a lane stumbled', { error });
      this.#wakeIn(STUMBLE_MS);
    }
    this.#pumping = false;
    if (this.#again) this.wake();
    else this.#rest();
  }

  async #pump(): Promise<void> {
    const { outbox, clock } = this.#context;
    while (this.#again) {
      this.#again = false;
      const route = this.#route;
      if (route === undefined) return;
      const { capabilities, limits } = route.provider;
      const { pace } = capabilities;
      const work = this.#working();
      work.release();
      const free = pace.concurrency - work.sending;
      if (free <= 0) return;
      const waitMs = Math.max(work.pacer.waitMs(), limits?.waitMs() ?? 0);
      if (waitMs > 0) return this.#wakeIn(waitMs);
      const { workspaceId, sessionId } = route.fence;
      const limit = pace.intervalMs > 0 || limits !== undefined ? 1 : free;
      const claim = { workspaceId, sessionId, now: clock.now(), limit, busy: work.busy };
      const claimed = await this.#insist(() => this.#while(route, () => outbox.claim(claim)));
      if (claimed === undefined || this.#route !== route) continue;
      const { messages, nextAt = Number.POSITIVE_INFINITY } = claimed;
      for (const message of messages) this.#dispatch(route, message);
      const nextMs = Math.min(nextAt - clock.now(), work.heldMs ?? Number.POSITIVE_INFINITY);
      // Fewer than asked for are all that there are.
      if (messages.length === limit) this.#again = true;
      else if (nextMs !== Number.POSITIVE_INFINITY) this.#wakeIn(nextMs);
    }
  }

  #wakeIn(ms: number): void {
    this.#cancelTimer?.();
    if (this.#route === undefined) return;
    this.#cancelTimer = this.#context.clock.schedule(ms, () => this.wake());
  }

  #dispatch(route: LaneRoute, message: MessageRecord): void {
    const work = this.#working();
    const { capabilities, limits } = route.provider;
    const { expires_at = Number.POSITIVE_INFINITY } = message;
    const key = message.recipient.key;
    const leftMs = expires_at - this.#context.clock.now();
    if (leftMs > 0) {
      const waitMs = limits?.recipientWaitMs(key) ?? 0;
      // Asked again when the wait is over, or the message is.
      if (waitMs > 0) return work.hold(key, Math.min(waitMs, leftMs));
      work.pacer.took(capabilities.pace);
      limits?.took(key);
    }
    work.busy.add(key);
    this.#track(this.#deliver(route, message, work));
  }

  async #deliver(route: LaneRoute, message: MessageRecord, work: LaneWork): Promise<void> {
    try {
      await this.#attempt(route, message);
    } catch (error) {
      await this.#failed(error, route, message);
    }
    work.busy.delete(message.recipient.key);
    this.wake();
  }

  async #attempt(route: LaneRoute, message: MessageRecord): Promise<void> {
    const { outbox, clock, policy, random, observer, onChange } = this.#context;
    const { fence, providerType } = route;
    const { message_id } = message;
    if (message.expires_at !== undefined && message.expires_at <= clock.now()) {
      const expire = (): ReturnType<typeof outbox.expire> =>
        outbox.expire(fence, message_id, clock.now());
      const expired = await this.#insist(() => this.#while(route, expire));
      if (expired !== undefined) onChange(expired);
      return;
    }
    const begin = (): ReturnType<typeof outbox.beginAttempt> =>
      outbox.beginAttempt(fence, message_id, providerType, clock.now());
    const begun = await this.#insist(() => this.#while(route, begin));
    if (begun === undefined) return;
    const startedAt = clock.monotonic();
    const outcome = await this.#send(route, begun);
    observer.attemptFinished?.({
      provider: providerType,
      outcome: outcome.status,
      code: outcome.status === 'sent' ? undefined : outcome.error.code,
      durationMs: clock.monotonic() - startedAt,
    });
    for (const { from, to, code } of outcome.hops ?? []) observer.hopped?.({ from, to, code });
    const result = resultOf(outcome, begun, policy, clock.now(), random);
    const finish = (): Promise<MessageRecord> =>
      outbox.finishAttempt(fence, message_id, result, clock.now());
    onChange(await this.#insist(finish));
  }

  #send({ provider, fence }: LaneRoute, message: MessageRecord): Promise<SendOutcome> {
    const { outbox, clock, deadlines } = this.#context;
    const find = (id: string): ReturnType<typeof outbox.get> =>
      this.#insist(() => outbox.get(message.workspace_id, id));
    return callProvider({ provider, message, epoch: fence.epoch, find, clock, deadlines });
  }

  /** Makes a call for a route that is still open; a lane that was closed begins nothing more. */
  #while<T>(route: LaneRoute, call: () => Promise<T>): Promise<T | undefined> {
    return this.#route === route ? call() : nothing;
  }

  /** An outcome must not be lost to a busy disk. */
  #insist<T>(call: () => Promise<T>): Promise<T> {
    return insist(call, this.#context);
  }

  async #failed(thrown: unknown, route: LaneRoute, message: MessageRecord): Promise<void> {
    const { logger, clock, ended, onFenced } = this.#context;
    if (isGatewayError(thrown) && thrown.code === 'lease_lost') {
      // A send of an earlier epoch may end late: that says nothing about the present one.
      if (this.#route?.fence.epoch !== route.fence.epoch) return;
      this.close();
      return onFenced(thrown);
    }
    const fields = { error: thrown, message_id: message.message_id };
    logger.error('an attempt could not be written down', fields);
    // The recipient stays busy meanwhile: tried again at once, it would fail again at once.
    if (this.#route === route) await delay(clock, STUMBLE_MS, ended).catch(() => undefined);
  }

  /** @param work never rejects */
  #track(work: Promise<void>): void {
    const { inFlight } = this.#working();
    inFlight.add(work);
    void work.then(() => inFlight.delete(work));
  }

  #working(): LaneWork {
    const { clock, random } = this.#context;
    this.#work ??= new LaneWork(clock, random);
    return this.#work;
  }

  #rest(): void {
    if (this.#work?.isOver) this.#work = undefined;
  }
}
