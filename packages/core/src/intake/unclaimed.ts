import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { Logger } from '../logger';
import type { Observer } from '../observer';
import type { WebhookPart } from '../provider/platform-webhook';
import type { SessionManager } from '../session/session-manager';
import type { QuarantinedEntry, WaitingSession } from '../store/intake-store';
import type { Store } from '../store/store';
import type { Backlog } from './backlog';
import { newEntry, notSetAside, setAside } from './entry';
import type { Proof } from './proof';
import { type Seat, SeatsByAccount } from './seat';
import type { SeatBook } from './seat-book';

/** What unclaimed entries are looked after with. */
export interface UnclaimedContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** Who is told by webhooks. */
  readonly seats: SeatBook;
  /** Has sessions read what is theirs. */
  readonly backlog: Backlog;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}

/** Whom nothing belongs to. */
const nobody = { workspaceId: '', sessionId: '' };
/** How many accounts are looked at in one go, and how many entries. */
const ACCOUNTS = 1_000;
const PAGE = 50;

/**
 * What was genuine and is nobody's: about an account that no session has, or such that nobody can tell
 * whom it is about. One app of a platform serves many tenants, so it is not the tenant's to whose
 * address it was posted, and only whoever looks after all workspaces may see it. A session that turns
 * out to have the account, and whose own secret proves the entry, gets it by itself.
 */
export class Unclaimed {
  readonly #context: UnclaimedContext;

  /**
   * @internal Made by the intake.
   * @param context what they are looked after with
   */
  constructor(context: UnclaimedContext) {
    this.#context = context;
  }

  /** What is nobody's, newest first. */
  list(query: {
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<readonly QuarantinedEntry[]> {
    return this.#context.store.intake.quarantined(nobody.workspaceId, query);
  }

  /** How many entries are nobody's. */
  async count(): Promise<number> {
    return (await this.#context.store.intake.depth(nobody.workspaceId)).quarantined;
  }

  /**
   * Has an entry read by a session, for somebody who knows that it is the session's.
   * @param sessionId Default: the session that has the account, else the primary one
   * @throws GatewayError `not_found`
   */
  async release(entryId: string, workspaceId: string, sessionId?: string): Promise<void> {
    const { store, source, sessions, seats } = this.#context;
    const config = await source.get(workspaceId);
    if (config === undefined) throw new GatewayError('not_found', 'There is no such workspace.');
    const { account = '' } = await setAside(store.intake, nobody.workspaceId, entryId);
    const own = (await seats.of(workspaceId)).seats.filter(
      (seat) => seat.accounts.has(account) && seat.sessionId === (sessionId ?? seat.sessionId),
    );
    const session = await sessions.ensure(config, sessionId ?? own[0]?.sessionId);
    const to = { workspaceId, sessionId: session.id, source: own[0]?.source };
    if (!(await store.intake.release(nobody.workspaceId, entryId, to))) throw notSetAside();
    session.read();
  }

  /**
   * Forgets an entry.
   * @throws GatewayError `not_found`
   */
  async discard(entryId: string): Promise<void> {
    if (await this.#context.store.intake.discard(nobody.workspaceId, entryId)) return;
    throw notSetAside();
  }

  /**
   * @internal Keeps parts for whoever turns out to have their accounts.
   * @param first whoever's secret proves what they were cut from
   * @param error why nobody has them
   */
  async keep(
    parts: readonly WebhookPart[],
    first: Seat,
    proof: Proof,
    error: GatewayError,
  ): Promise<void> {
    const { store, clock, observer, logger } = this.#context;
    const { source } = first;
    const now = clock.now();
    const facts = { error: error.toJSON(), quarantined_at: now };
    const entries = parts.map((part) => ({
      ...newEntry({ ...nobody, source }, part.body, now),
      ...facts,
      ...(part.account === '' ? {} : { account: part.account, proof: proof.of(part, first) }),
    }));
    // Together, so that they share the store's writes.
    await Promise.all(entries.map((entry) => store.intake.quarantine(entry)));
    for (const _ of entries) observer.intakeQuarantined?.({ provider: source, code: error.code });
    const told = { provider: source, reason: error.code, count: entries.length };
    if (entries.length > 0) logger.warn('what nobody here has was set aside, unclaimed', told);
  }

  /**
   * @internal Gives entries to those seats that have their accounts, and whose own secrets prove them.
   * What it takes grows with the accounts that are unclaimed, and is nothing while none is.
   * @param seatsOf asked only when something is unclaimed
   * @throws GatewayError `store_unavailable`
   */
  async claim(seatsOf: () => Promise<readonly Seat[]>): Promise<void> {
    const { intake } = this.#context.store;
    let seats: SeatsByAccount | undefined;
    for (let after = ''; ; ) {
      const accounts = await intake.unclaimedAccounts({ after, limit: ACCOUNTS });
      if (accounts.length > 0) seats ??= new SeatsByAccount(await seatsOf());
      for (const account of accounts) {
        const own = seats?.having(account) ?? [];
        if (own.length > 0) await this.#claimFor(own, account);
      }
      if (accounts.length < ACCOUNTS) return;
      after = accounts.at(-1) ?? after;
    }
  }

  async #claimFor(seats: readonly Seat[], account: string): Promise<void> {
    const { store, backlog, logger } = this.#context;
    const claimed = new Map<string, WaitingSession>();
    let count = 0;
    const release = async (entry: QuarantinedEntry): Promise<void> => {
      const seat = provenBy(entry, seats);
      if (seat === undefined) return;
      if (!(await store.intake.release(nobody.workspaceId, entry.entry_id, seat))) return;
      claimed.set(seat.sessionId, seat);
      count += 1;
    };
    for (let after = ''; ; ) {
      const page = await store.intake.unclaimed(account, { after, limit: PAGE });
      // Asked for in their order, and together, so that they share the store's writes.
      await Promise.all(page.map(release));
      if (page.length < PAGE) break;
      after = page.at(-1)?.entry_id ?? after;
    }
    for (const { workspaceId, sessionId } of claimed.values()) {
      const names = { workspace_id: workspaceId, session_id: sessionId, count };
      logger.info('what was unclaimed is read by the session that has the account', names);
      void backlog.read({ workspaceId, sessionId });
    }
  }
}

/** The first seat whose own secret proves an entry, or that of the account where a seat has several. */
function provenBy(entry: QuarantinedEntry, seats: readonly Seat[]): Seat | undefined {
  const { proof, account } = entry;
  if (proof === undefined) return undefined;
  const body = Buffer.from(entry.body);
  const header = (name: string): string | undefined =>
    Object.hasOwn(proof, name) ? proof[name] : undefined;
  return seats.find(({ webhook, settings }) => webhook.verify(settings, header, body, account));
}
