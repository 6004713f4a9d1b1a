import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { WorkspaceConfig } from '../gateway/workspace-config';
import type { WorkspaceSource } from '../gateway/workspace-source';
import type { Logger } from '../logger';
import type { InboundMessage } from '../messages/inbound-message';
import type { Observer } from '../observer';
import type { ProviderFactory } from '../provider/provider';
import { Retries } from '../retries';
import type { Session } from '../session/session';
import type { SessionManager } from '../session/session-manager';
import type { QuarantinedEntry } from '../store/intake-store';
import type { Store } from '../store/store';
import { Backlog } from './backlog';
import { newEntry, notSetAside, setAside } from './entry';
import { forwarded } from './read-entry';
import { type PostedWebhook, Reception } from './reception';
import { SeatBook } from './seat-book';
import { Unclaimed } from './unclaimed';

/** What the intake works with. */
export interface IntakeContext {
  /** Where state is. */
  readonly store: Store;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Time. */
  readonly clock: Clock;
  /** Chance. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly observer: Observer;
}

/**
 * The door for what platforms and the primary application bring to us. Whatever is genuine is durable
 * before its sender is told so, and is read by its session afterwards; what cannot be read is set aside
 * for a person to look at, and so is what belongs to nobody, as long as that is so.
 */
export class Intake {
  /** What was genuine and is nobody's. */
  readonly unclaimed: Unclaimed;
  readonly #context: IntakeContext;
  readonly #seats: SeatBook;
  readonly #retries: Retries;
  readonly #backlog: Backlog;
  readonly #reception: Reception;

  /**
   * @internal Made by the gateway.
   * @param context what it works with
   */
  constructor(context: IntakeContext) {
    this.#context = context;
    this.#seats = new SeatBook(context);
    this.#retries = new Retries(context, {
      waits: { baseMs: 1_000, maxMs: 300_000 },
      later: 'what came in is read later',
      noRoom: 'what came in is read with the next of its kind, or after a restart',
    });
    this.#backlog = new Backlog({ ...context, retries: this.#retries });
    const parts = { seats: this.#seats, retries: this.#retries, backlog: this.#backlog };
    this.unclaimed = new Unclaimed({ ...context, ...parts });
    this.#reception = new Reception({ ...context, ...parts, unclaimed: this.unclaimed });
  }

  /** @internal A workspace was changed: what was known of its addresses is out of date. */
  changed(): void {
    this.#seats.forget();
  }

  /** @internal Tries nothing again any more. Idempotent. */
  stop(): void {
    this.#retries.stop();
  }

  /**
   * Answers a platform's question whether an address is ours.
   * @returns the text to answer with
   * @throws GatewayError `not_found` when nobody is told by webhooks there, `forbidden` when the
   *   question is not genuine, `not_ready` while that cannot be told
   */
  handshake(identifier: string, query: Readonly<Record<string, string>>): Promise<string> {
    return this.#reception.handshake(identifier, query);
  }

  /**
   * Takes what a platform posted. Resolves once it is durable.
   * @returns how many parts it was cut into, one for each account that it is about
   * @throws GatewayError `not_found`, `signature_invalid` when it is not genuine, `not_ready` while that
   *   cannot be told, `store_unavailable`
   */
  receive(posted: PostedWebhook): Promise<number> {
    return this.#reception.receive(posted);
  }

  /**
   * Takes a message that the primary application forwards, for a session to record. Resolves once it
   * is durable. The same message twice is recorded once.
   * @param sessionId Default: the primary session
   * @returns the session that records it
   * @throws GatewayError `not_found`, `store_unavailable`
   */
  async forward(
    workspaceId: string,
    sessionId: string | undefined,
    message: InboundMessage,
  ): Promise<Session> {
    const { sessions, store, clock } = this.#context;
    const session = await sessions.ensure(await this.#config(workspaceId), sessionId);
    const name = { workspaceId, sessionId: session.id, source: forwarded };
    await store.intake.put([newEntry(name, JSON.stringify(message), clock.now())]);
    session.read();
    return session;
  }

  /** What was set aside of a workspace, newest first. */
  quarantined(
    workspaceId: string,
    query: { readonly before?: string | undefined; readonly limit: number },
  ): Promise<readonly QuarantinedEntry[]> {
    return this.#context.store.intake.quarantined(workspaceId, query);
  }

  /**
   * Has an entry that was set aside read again.
   * @param sessionId the session that it is for. Default: the one that it was for, else the primary one
   * @throws GatewayError `not_found`
   */
  async release(workspaceId: string, entryId: string, sessionId?: string): Promise<void> {
    const { store, sessions } = this.#context;
    const config = await this.#config(workspaceId);
    const { session_id } = await setAside(store.intake, workspaceId, entryId);
    const session = await sessions.ensure(config, sessionId ?? (session_id || undefined));
    const to = { sessionId: session.id };
    if (!(await store.intake.release(workspaceId, entryId, to))) throw notSetAside();
    session.read();
  }

  /**
   * Forgets an entry that was set aside. One that still waits to be read stays.
   * @throws GatewayError `not_found`
   */
  async discard(workspaceId: string, entryId: string): Promise<void> {
    if (!(await this.#context.store.intake.discard(workspaceId, entryId))) throw notSetAside();
  }

  /**
   * Has sessions read what came in for them and was not read: before this process began, while they were
   * made anew, or before anybody knew that it is theirs. What is for a session that is configured no more
   * is set aside. Where that cannot be done now, it is tried again by itself. Never rejects.
   * @param workspaceId only this workspace's. Default: all
   */
  resume(workspaceId?: string): Promise<void> {
    // Before it looks for what is unclaimed: whatever comes in now has to see who is there now.
    this.#seats.forget();
    const names = { workspace_id: workspaceId };
    return this.#retries.run(workspaceId ?? '', names, async () => {
      await this.unclaimed.claim(async () => {
        const { seats } = await (workspaceId === undefined
          ? this.#seats.all()
          : this.#seats.of(workspaceId));
        return seats;
      });
      await this.#backlog.readAll(workspaceId);
    });
  }

  async #config(workspaceId: string): Promise<WorkspaceConfig> {
    const config = await this.#context.source.get(workspaceId);
    if (config !== undefined) return config;
    throw new GatewayError('not_found', 'There is no such workspace.');
  }
}
