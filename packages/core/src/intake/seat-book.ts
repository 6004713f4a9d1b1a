import type { Clock } from '../clock';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { ProviderFactory } from '../provider/provider';
import { type Seat, seatsOf } from './seat';

/** What a book of seats works with. */
export interface SeatBookContext {
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Measures how long a reading is believed. */
  readonly clock: Clock;
}

/** How long a reading of all workspaces is believed, in milliseconds. */
const BELIEVED_MS = 1_000;

/**
 * Finds the seats that an address is for. Anybody may post to any address, so what it takes to look
 * through all workspaces is spent once in a while, and not on each request.
 */
export class SeatBook {
  readonly #context: SeatBookContext;
  #all: { readonly until: number; readonly seats: Promise<readonly Seat[]> } | undefined;

  /** @param context what the book works with */
  constructor(context: SeatBookContext) {
    this.#context = context;
  }

  /** The seats that an address is for, those of a workspace or of one session; none when it is nobody's. */
  async at(identifier: string): Promise<readonly Seat[]> {
    const { source, factories } = this.#context;
    const config = await source.get(identifier);
    if (config !== undefined) return seatsOf(config, factories);
    return (await this.all()).filter((seat) => seat.sessionId === identifier);
  }

  /** The seats of all workspaces, as they were at most a second ago. */
  all(): Promise<readonly Seat[]> {
    const now = this.#context.clock.monotonic();
    if (this.#all !== undefined && now < this.#all.until) return this.#all.seats;
    const all = { until: now + BELIEVED_MS, seats: this.#read() };
    this.#all = all;
    all.seats.catch(() => {
      if (this.#all === all) this.#all = undefined;
    });
    return all.seats;
  }

  /** Looks anew the next time: a workspace was changed here. */
  forget(): void {
    this.#all = undefined;
  }

  async #read(): Promise<readonly Seat[]> {
    const { source, factories } = this.#context;
    return (await source.list()).flatMap((config) => seatsOf(config, factories));
  }
}
