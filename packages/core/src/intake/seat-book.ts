import type { Clock } from '../clock';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { Logger } from '../logger';
import type { ProviderFactory } from '../provider/provider';
import { BrokenSeats } from './broken-seats';
import { noSeats, type Seats, SeatsByAccount, seatsOf } from './seat';

/** What a book of seats works with. */
export interface SeatBookContext {
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Measures how long a reading is believed. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** The seats of all workspaces. */
export interface AllSeats extends Seats {
  /** The same, by the accounts that they have. */
  readonly byAccount: SeatsByAccount;
}

/** How long a reading of all workspaces is believed, in milliseconds. */
const BELIEVED_MS = 1_000;

/** What is known of all workspaces. */
interface Reading extends AllSeats {
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
  readonly #broken: BrokenSeats;
  #last: { readonly until: number; readonly reading: Promise<Reading> } | undefined;

  /** @param context what the book works with */
  constructor(context: SeatBookContext) {
    this.#context = context;
    this.#broken = new BrokenSeats(context.logger);
  }

  /**
   * The seats that an address is for, those of a workspace or of one session; none when it is nobody's.
   * @throws GatewayError `store_unavailable` when that cannot be told now
   */
  async at(identifier: string): Promise<Seats> {
    const { source, factories } = this.#context;
    const owner = (await this.#reading()).owners.get(identifier);
    const config = await (owner === undefined
      ? source.get(identifier, { byStranger: true })
      : source.get(owner));
    if (config === undefined) return noSeats;
    const { seats, broken } = seatsOf(config, factories);
    this.#broken.tell(broken);
    if (config.workspace_id === identifier) return { seats, broken };
    return {
      seats: seats.filter((seat) => seat.sessionId === identifier),
      broken: broken.filter((seat) => seat.sessionId === identifier),
    };
  }

  /**
   * The seats of a workspace, as it is configured now.
   * @throws GatewayError `store_unavailable` when that cannot be told now
   */
  async of(workspaceId: string): Promise<Seats> {
    const { source, factories } = this.#context;
    const config = await source.get(workspaceId);
    return config === undefined ? noSeats : seatsOf(config, factories);
  }

  /** The seats of all workspaces, as they were at most a second ago. */
  all(): Promise<AllSeats> {
    return this.#reading();
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
    const all = configs.map((config) => seatsOf(config, factories));
    const broken = all.flatMap((each) => each.broken);
    this.#broken.tell(broken);
    const seats = all.flatMap((each) => each.seats);
    return { owners, seats, byAccount: new SeatsByAccount(seats), broken };
  }
}
