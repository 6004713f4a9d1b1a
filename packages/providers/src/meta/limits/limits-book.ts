import type { Clock } from '@blazz/core';
import type { MetaSettings } from '../settings';
import { type LimitsObserver, MetaLimits } from './meta-limits';

/** The limits of each number, shared by its sessions, kept from one start to the next. */
export class LimitsBook {
  readonly #observer: LimitsObserver;
  readonly #limits = new Map<string, { readonly clock: Clock; readonly limits: MetaLimits }>();

  /** @param observer told whenever a limit tightens, and how long one held a send */
  constructor(observer: LimitsObserver) {
    this.#observer = observer;
  }

  /** The limits of a number, by the clock that measures them. */
  of(settings: MetaSettings, clock: Clock): MetaLimits {
    const { phone_number_id, throughput: perSecond, graph_url } = settings;
    const key = `${graph_url} ${phone_number_id} ${perSecond}`;
    const known = this.#limits.get(key);
    if (known?.clock === clock) return known.limits;
    const limits = new MetaLimits({ perSecond, clock, observer: this.#observer });
    this.#limits.set(key, { clock, limits });
    return limits;
  }
}
