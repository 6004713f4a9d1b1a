import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { Lease, LeaseStore } from '../store/lease-store';

/** How long a lease holds, and when its keeper gives up. All in milliseconds. */
export interface LeaseTimings {
  /** How long a lease holds without renewal. */
  readonly ttlMs: number;
  /** How often it is renewed. */
  readonly renewEveryMs: number;
  /** How long after the last good renewal began the holder stops by itself. Less than `ttlMs`. */
  readonly fenceAfterMs: number;
  /** How long after its end a lease of somebody else is still respected. */
  readonly graceMs: number;
}

/** 15 s leases, renewed every 5 s, self-fenced after 10 s, 5 s of grace. */
export const defaultLeaseTimings: LeaseTimings = {
  ttlMs: 15_000,
  renewEveryMs: 5_000,
  fenceAfterMs: 10_000,
  graceMs: 5_000,
};

/** What a keeper needs. */
export interface LeaseKeeperContext {
  /** Where leases are. */
  readonly leases: LeaseStore;
  /** What is owned. */
  readonly resource: string;
  /** Who owns it: this instance. */
  readonly holder: string;
  /** Time. */
  readonly clock: Clock;
  /** How long things take. */
  readonly timings: LeaseTimings;
  /** Told once when the lease is lost: stop at once. */
  readonly onLost: (error: GatewayError) => void;
}

/** Holds one lease: takes it, renews it, and notices on the monotonic clock when it is gone. */
export class LeaseKeeper {
  readonly #context: LeaseKeeperContext;
  #lease: Lease | undefined;
  #cancelRenewal: (() => void) | undefined;
  #cancelFence: (() => void) | undefined;

  /** @param context what the keeper needs */
  constructor(context: LeaseKeeperContext) {
    this.#context = context;
  }

  /** The epoch under which the lease is held; `undefined` when it is not. */
  get epoch(): number | undefined {
    return this.#lease?.epoch;
  }

  /**
   * Takes the lease, unless it is held already.
   * @returns the epoch
   * @throws GatewayError `lease_lost` when another instance holds it; `retryAfterMs` says how long yet
   */
  async acquire(): Promise<number> {
    if (this.#lease !== undefined) return this.#lease.epoch;
    const { leases, resource, holder, clock, timings } = this.#context;
    const began = clock.monotonic();
    const now = clock.now();
    const { ttlMs, graceMs } = timings;
    const { acquired, lease } = await leases.acquire({ resource, holder, now, ttlMs, graceMs });
    if (!acquired) {
      throw new GatewayError('lease_lost', 'Another instance owns this session; ask that one.', {
        retryAfterMs: Math.max(0, lease.expires_at + graceMs - now),
        details: { holder: lease.holder, epoch: lease.epoch },
      });
    }
    this.#lease = lease;
    this.#held(lease, began);
    this.#renewIn(timings.renewEveryMs);
    return lease.epoch;
  }

  /** Gives the lease back. Idempotent. */
  async release(): Promise<void> {
    const lease = this.#lease;
    this.#forget();
    if (lease !== undefined) await this.#context.leases.release(lease);
  }

  #renewIn(ms: number): void {
    this.#cancelRenewal = this.#context.clock.schedule(ms, () => void this.#renew());
  }

  /** The lease is good, counted from when the call that proved it began: moves the fence on. */
  #held(lease: Lease, began: number): void {
    const { clock, timings } = this.#context;
    this.#cancelFence?.();
    const leftMs = began + timings.fenceAfterMs - clock.monotonic();
    this.#cancelFence = clock.schedule(leftMs, () => this.#lost(lease));
  }

  async #renew(): Promise<void> {
    const lease = this.#lease;
    if (lease === undefined) return;
    const { leases, clock, timings } = this.#context;
    const began = clock.monotonic();
    const renewed = await leases.renew(lease, clock.now(), timings.ttlMs).catch(() => undefined);
    if (this.#lease !== lease) return;
    if (renewed === false) return this.#lost(lease);
    if (renewed === true) this.#held(lease, began);
    // A store that did not answer is asked again soon; meanwhile the fence comes closer.
    this.#renewIn(renewed === true ? timings.renewEveryMs : timings.renewEveryMs / 5);
  }

  #lost(lease: Lease): void {
    if (this.#lease !== lease) return;
    this.#forget();
    const why = 'This instance lost the session: another one owns it, or the store went away.';
    this.#context.onLost(new GatewayError('lease_lost', why));
  }

  #forget(): void {
    this.#lease = undefined;
    this.#cancelRenewal?.();
    this.#cancelFence?.();
  }
}
