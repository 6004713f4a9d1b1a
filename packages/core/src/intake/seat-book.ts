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

/** What is known of all workspaces. */
interface Reading {
  /** Their seats. */
  readonly seats: readonly Seat[];
  /** Whose each address is: a workspace's id, and those of its sessions. */
  readonly owners: ReadonlyMap<string, string>;
}

/**
 * Finds the seats that an address is for. Anybody may post to any address, so what it takes to look
 * through all workspaces is spent once in a while, and not on each request; and an address that is
 * known here is never held up by those who make addresses up.
 */
export class SeatBook {
  readonly #context: SeatBookContext;
  #last: { readonly until: number; readonly reading: Promise<Reading> } | undefined;

  /** @param context what the book works with */
  constructor(context: SeatBookContext) {
    this.#context = context;
  }

  /**
   * The seats that an address is for, those of a workspace or of one session; none when it is nobody's.
   * @throws GatewayError `store_unavailable` when that cannot be told now
   */
  async at(identifier: string): Promise<readonly Seat[]> {
    const { source, factories } = this.#context;
    const owner = (await this.#reading()).owners.get(identifier);
    const config = await (owner === undefined
      ? source.get(identifier, { byStranger: true })
      : source.get(owner));
    if (config === undefined) return [];
    const seats = seatsOf(config, factories);
    if (config.workspace_id === identifier) return seats;
    return seats.filter((seat) => seat.sessionId === identifier);
  }

  /** The seats of all workspaces, as they were at most a second ago. */
  async all(): Promise<readonly Seat[]> {
    return (await this.#reading()).seats;
  }

  /** Looks anew the next time: a workspace was changed here. */
  forget(): void {
    this.#last = undefined;
  }

  #reading(): Promise<Reading> {
    const now = this.#context.clock.monotonic();
    if (this.#last !== undefined && now < this.#last.until) return this.#last.reading;
    const last = { until: now + BELIEVED_MS, reading: this.#read() };
    this.#last = last;
    last.reading.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return last.reading;
  }

  async #read(): Promise<Reading> {
    const { source, factories } = this.#context;
    const configs = await source.list();
    const owners = new Map<string, string>();
    for (const { workspace_id, sessions } of configs) {
      for (const { session_id } of sessions) owners.set(session_id, workspace_id);
    }
    // Last, as a workspace's own id is what its address is looked up by first.
    for (const { workspace_id } of configs) owners.set(workspace_id, workspace_id);
    return { owners, seats: configs.flatMap((config) => seatsOf(config, factories)) };
  }
}
