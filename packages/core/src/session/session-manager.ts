import PQueue from 'p-queue';
import { GatewayError, isGatewayError } from '../errors/gateway-error';
import { providerOf } from '../gateway/provider-of';
import type { SessionConfig, WorkspaceConfig } from '../gateway/workspace-config';
import type { WorkspaceSource } from '../gateway/workspace-source';
import { readEntry } from '../intake/read-entry';
import { noSeats, seatsOf } from '../intake/seat';
import { withFields } from '../logger';
import type { ProviderFactory } from '../provider/provider';
import { Session } from './session';
import type { SessionContext } from './session-context';

/** What the sessions of a gateway share. */
export interface SessionManagerContext
  extends Omit<
    SessionContext,
    'workspaceId' | 'sessionId' | 'factory' | 'settings' | 'takeTurn' | 'reading'
  > {
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Where workspaces come from. */
  readonly workspaces: WorkspaceSource;
  /** Adds to what keeps a workspace from running why it runs on that provider. */
  readonly explain: (workspaceId: string, error: unknown) => unknown;
  /** How many sessions are brought up at the same time. */
  readonly maxStartsAtOnce: number;
}

/** The sessions of one gateway: makes them from their workspace's configuration, finds and stops them. */
export class SessionManager {
  readonly #context: SessionManagerContext;
  readonly #sessions = new Map<string, Session>();
  /** How often sessions were forgotten: what is made of a configuration from before is made anew. */
  #generation = 0;
  readonly #starts: PQueue;
  #isClosed = false;

  /**
   * @internal Made by the gateway.
   * @param context what the sessions share
   */
  constructor(context: SessionManagerContext) {
    this.#context = context;
    this.#starts = new PQueue({ concurrency: context.maxStartsAtOnce });
  }

  /** Every session that this instance has met. */
  list(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * Finds a session by its id, or by its workspace's id and then the primary one.
   * @param covers whether a workspace may be looked into: no other is touched, or even asked for
   * @returns `undefined` when there is none
   */
  async find(
    id: string,
    covers: (workspaceId: string) => boolean = () => true,
  ): Promise<Session | undefined> {
    const met = this.#sessions.get(id);
    if (met !== undefined && covers(met.workspaceId)) return met;
    const { workspaces } = this.#context;
    for (const config of await workspaces.list()) {
      const isHere = config.sessions.some((session) => session.session_id === id);
      if (isHere && covers(config.workspace_id)) return this.ensure(config, id);
    }
    const config = covers(id) ? await workspaces.get(id) : undefined;
    return config === undefined ? undefined : this.ensure(config);
  }

  /** Tells a session, if it has been met, that there is something to send. */
  wake(id: string): void {
    this.#sessions.get(id)?.wake();
  }

  /**
   * The session of a workspace, made at its first use. Default: the primary one.
   * @throws GatewayError `not_found` when the workspace has no such session, `invalid_config` when
   *   its provider is unknown or refuses the settings, `shutting_down`
   */
  async ensure(config: WorkspaceConfig, sessionId?: string): Promise<Session> {
    const met = this.#sessions.get(entryOf(config, sessionId).session_id);
    return met === undefined ? this.#make(config, sessionId) : this.#own(met, config);
  }

  /** Makes a session of the configuration that is in force once it is made. */
  async #make(given: WorkspaceConfig, sessionId: string | undefined): Promise<Session> {
    const { workspaces, store } = this.#context;
    const workspaceId = given.workspace_id;
    for (;;) {
      const generation = this.#generation;
      const config = await workspaces.get(workspaceId);
      if (config === undefined) throw new GatewayError('not_found', 'There is no such workspace.');
      const entry = entryOf(config, sessionId);
      const { factory, settings } = this.#providerOf(config, entry);
      const known = await store.sessions.get(workspaceId, entry.session_id);
      const first = this.#sessions.get(entry.session_id);
      if (first !== undefined) return this.#own(first, config);
      if (this.#isClosed) {
        throw new GatewayError('shutting_down', 'The gateway is stopping; ask again later.');
      }
      if (this.#generation !== generation) continue;
      const session = new Session(this.#contextOf(config, entry, factory, settings), known);
      this.#sessions.set(session.id, session);
      return session;
    }
  }

  #providerOf(config: WorkspaceConfig, entry: SessionConfig): ReturnType<typeof providerOf> {
    const { factories, explain } = this.#context;
    try {
      return providerOf(config, factories, entry);
    } catch (error) {
      throw explain(config.workspace_id, error);
    }
  }

  #contextOf(
    { workspace_id }: WorkspaceConfig,
    { session_id }: SessionConfig,
    factory: ProviderFactory,
    settings: unknown,
  ): SessionContext {
    const {
      factories,
      workspaces,
      explain: _explain,
      maxStartsAtOnce: _,
      ...shared
    } = this.#context;
    const names = { workspace_id, session_id, provider: factory.type };
    return {
      ...shared,
      workspaceId: workspace_id,
      sessionId: session_id,
      factory,
      settings,
      logger: withFields(shared.logger, names),
      reading: async () => {
        const config = await workspaces.get(workspace_id);
        const seats = config === undefined ? noSeats : seatsOf(config, factories);
        return (entry) => readEntry(entry, seats);
      },
      takeTurn: (start, signal) => this.#starts.add(start, { signal }),
    };
  }

  /**
   * Starts those sessions of a workspace that can start without a person and were not stopped by one.
   * None keeps another from it. One that cannot run as it is configured waits for another configuration.
   * @throws what the first one failed with that may be started later
   */
  async resume(config: WorkspaceConfig): Promise<void> {
    const failures: unknown[] = [];
    for (const entry of config.sessions) {
      if (this.#isClosed) return;
      await this.#resume(config, entry).catch((error: unknown) => {
        if (this.#isClosed) return;
        const names = { workspace_id: config.workspace_id, session_id: entry.session_id };
        this.#context.logger.error('a session could not be resumed', { error, ...names });
        if (!isGatewayError(error) || error.code !== 'invalid_config') failures.push(error);
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  async #resume(config: WorkspaceConfig, entry: SessionConfig): Promise<void> {
    const { store } = this.#context;
    const { workspace_id } = config;
    const { factory, settings } = this.#providerOf(config, entry);
    const known = await store.sessions.get(workspace_id, entry.session_id);
    if (known?.desired === 'stopped') return;
    const isLinked = await factory.linked?.(workspace_id, entry.session_id, settings);
    if (isLinked !== false) (await this.ensure(config, entry.session_id)).resume();
  }

  /** Stops the sessions of a workspace and forgets them; the next use makes them anew. */
  async forget(workspaceId: string): Promise<void> {
    this.#generation += 1;
    const own = this.list().filter((session) => session.workspaceId === workspaceId);
    const stops = await Promise.allSettled(own.map((session) => session.retire()));
    this.#report(stops);
    for (const session of own) this.#sessions.delete(session.id);
  }

  /** Makes and starts no session any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Stops every session, all at once, for the gateway's own end. */
  async retireAll(): Promise<void> {
    this.close();
    const stops = await Promise.allSettled(this.list().map((session) => session.retire()));
    this.#report(stops);
  }

  #report(stops: readonly PromiseSettledResult<void>[]): void {
    for (const stop of stops) {
      if (stop.status === 'fulfilled') continue;
      const { reason: error } = stop;
      this.#context.logger.error('a session did not stop cleanly', { error });
    }
  }

  #own(session: Session, config: WorkspaceConfig): Session {
    if (session.workspaceId === config.workspace_id) return session;
    throw new GatewayError('not_found', 'The workspace has no such session.');
  }
}

/** The session that is meant. Default: the primary one. */
function entryOf(config: WorkspaceConfig, sessionId: string | undefined): SessionConfig {
  const wanted = sessionId ?? config.sessions[0]?.session_id;
  const entry = config.sessions.find((session) => session.session_id === wanted);
  if (entry !== undefined) return entry;
  throw new GatewayError('not_found', 'The workspace has no such session.');
}
