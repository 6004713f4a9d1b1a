import { factoryOf } from '../gateway/provider-of';
import { settingsFor } from '../gateway/provider-settings';
import type { SessionConfig, WorkspaceConfig } from '../gateway/workspace-config';
import type { PlatformWebhook } from '../provider/platform-webhook';
import type { ProviderFactory } from '../provider/provider';

/** A session on one of its providers, by their names. */
export interface SeatName {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** The type of the provider whose platform it is. */
  readonly source: string;
}

/** A session, as a platform that posts webhooks sees it. */
export interface Seat extends SeatName {
  /** What the platform posts. */
  readonly webhook: PlatformWebhook;
  /** What the factory made of the settings. */
  readonly settings: unknown;
  /** What the platform calls its accounts. */
  readonly accounts: ReadonlySet<string>;
}

/** A session that may be told by webhooks, and nobody can say: its settings cannot be read. */
export interface BrokenSeat extends SeatName {
  /** The settings as they are configured. Secret. */
  readonly given: unknown;
  /** What is wrong with them. */
  readonly error: unknown;
}

/** The seats of a workspace, or of several. */
export interface Seats {
  /** Those that webhooks can be matched with. */
  readonly seats: readonly Seat[];
  /** Those that they cannot, until somebody mends the configuration. */
  readonly broken: readonly BrokenSeat[];
}

/** None. */
export const noSeats: Seats = { seats: [], broken: [] };

/** Finds seats by an account: a payload may be about many, and there may be many seats. */
export class SeatsByAccount {
  readonly #seats = new Map<string, Seat[]>();

  /** @param seats those that are to be found, in the order in which they are tried */
  constructor(seats: readonly Seat[]) {
    for (const seat of seats) {
      for (const account of seat.accounts) {
        const those = this.#seats.get(account);
        if (those === undefined) this.#seats.set(account, [seat]);
        else those.push(seat);
      }
    }
  }

  /** The seats that have an account. */
  having(account: string): readonly Seat[] {
    return this.#seats.get(account) ?? [];
  }
}

/**
 * The seats of a workspace: each session, on the provider that it runs on and on those that it may be
 * switched to, where that provider is told by webhooks. What was sent by the one before is still
 * reported on.
 */
export function seatsOf(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): Seats {
  const seats: Seat[] = [];
  const broken: BrokenSeat[] = [];
  for (const session of config.sessions) {
    for (const source of typesOf(config, session, factories)) {
      const name = { workspaceId: config.workspace_id, sessionId: session.session_id, source };
      const given = settingsFor(config, session, source);
      try {
        const factory = factoryOf(source, factories);
        const { webhook } = factory;
        if (webhook === undefined) continue;
        const settings = factory.parse(given);
        const accounts = new Set(webhook.accounts(settings));
        seats.push({ ...name, webhook, settings, accounts });
      } catch (error) {
        broken.push({ ...name, given, error });
      }
    }
  }
  return { seats, broken };
}

/** The provider of a session, whether or not there is such a one here, and the others that there are. */
function typesOf(
  config: WorkspaceConfig,
  session: SessionConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): Iterable<string> {
  const others = Object.keys({ ...config.providers, ...session.providers });
  return new Set([config.provider_type, ...others.filter((type) => factories.has(type))]);
}
