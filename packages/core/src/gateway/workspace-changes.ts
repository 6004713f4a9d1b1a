import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import type { Logger } from '../logger';
import type { ProviderFactory } from '../provider/provider';
import { Serial } from '../session/serial';
import type { SessionManager } from '../session/session-manager';
import type { Store } from '../store/store';
import type { ProviderChoices } from './provider-choices';
import { assertStartable } from './provider-of';
import { type SwitchRequest, switchProvider } from './provider-switch';
import { Resumption, type ResumptionContext } from './resumption';
import { parseWorkspaceConfig, type WorkspaceConfig } from './workspace-config';
import type { WorkspaceChange, WorkspaceSource } from './workspace-source';

/** What changes of workspaces work with. */
export interface WorkspaceChangesContext {
  /** Where state is. */
  readonly store: Store;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** Which workspaces were switched to another provider. */
  readonly choices: ProviderChoices;
  /** The gateway's sessions. */
  readonly sessions: SessionManager;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Time. */
  readonly clock: Clock;
  /** Chance, 0 up to 1. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
  /** Whether sessions may be started. */
  readonly isOpen: () => boolean;
  /** Has the sessions of a workspace, or of all, read what came in meanwhile. */
  readonly readOn: ResumptionContext['readOn'];
  /** Told after each change, also one that came to nothing. */
  readonly onChange: () => void;
}

/** Changes of what workspaces are, while they run: one after the other, none after the end. */
export class WorkspaceChanges {
  readonly #context: WorkspaceChangesContext;
  readonly #serial: Serial = new Serial(() => undefined);
  readonly #resumption: Resumption;
  #unwatch: (() => void) | undefined;
  #isOver = false;

  /** @param context what the changes work with */
  constructor(context: WorkspaceChangesContext) {
    this.#context = context;
    this.#resumption = new Resumption(context);
  }

  /** How many workspaces could not be resumed yet, and are tried again. */
  get unresumed(): number {
    return this.#resumption.pending;
  }

  /** Starts the sessions that should run, and puts into force, from now on, what is changed elsewhere. */
  begin(): Promise<void> {
    this.#unwatch ??= this.#context.source.watch?.((change) => void this.#follow(change));
    return this.#resumption.all();
  }

  /** Writes a configuration and puts it into force. See `Gateway.configure`. */
  async configure(config: unknown): Promise<WorkspaceConfig> {
    const { source, choices, factories } = this.#context;
    const parsed = parseWorkspaceConfig(config);
    assertStartable(parsed, factories);
    const id = parsed.workspace_id;
    await this.#change(async () => {
      for (const other of await source.list()) assertApart(parsed, other);
      await choices.configure(parsed);
      await this.#renew(id);
    });
    return parsed;
  }

  /** Forgets a configuration. See `Gateway.remove`. */
  remove(workspaceId: string): Promise<void> {
    const { source, choices, sessions } = this.#context;
    return this.#change(async () => {
      if ((await source.get(workspaceId)) === undefined) {
        throw new GatewayError('not_found', 'There is no such workspace.');
      }
      if (!(await choices.remove(workspaceId))) {
        const why = 'This workspace comes from a file or from code; take it out there.';
        throw new GatewayError('conflict', why);
      }
      this.#resumption.forget(workspaceId);
      await sessions.forget(workspaceId);
    });
  }

  /** Puts a workspace on another provider. See `Gateway.switchProvider`. */
  switchProvider(workspaceId: string, request: SwitchRequest): Promise<WorkspaceConfig> {
    const { sessions } = this.#context;
    return this.#change(async () => {
      const rest = (): Promise<void> => sessions.forget(workspaceId);
      const inForce = await switchProvider(workspaceId, request, { ...this.#context, rest });
      await this.#resume(workspaceId);
      return inForce;
    });
  }

  /** Refuses every later change, and does the last piece of work once those under way are over. */
  end(last: () => Promise<void>): Promise<void> {
    this.#isOver = true;
    this.#unwatch?.();
    this.#resumption.end();
    return this.#serial.run(last);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#serial.run(async () => {
      if (!this.#isOver) return await work().finally(this.#context.onChange);
      throw new GatewayError('shutting_down', 'This gateway was stopped; make a new one.');
    });
  }

  async #follow({ workspaceId, kind }: WorkspaceChange): Promise<void> {
    const { logger } = this.#context;
    if (this.#isOver) return;
    logger.info('a workspace is configured elsewhere', { workspace_id: workspaceId, reason: kind });
    try {
      await this.#change(() =>
        kind === 'added' ? this.#resume(workspaceId) : this.#renew(workspaceId),
      );
    } catch (error) {
      if (this.#isOver) return;
      logger.error('a workspace was not put into force', { error, workspace_id: workspaceId });
    }
  }

  /** Stops a workspace's sessions, and starts those that it has now. */
  async #renew(workspaceId: string): Promise<void> {
    await this.#context.sessions.forget(workspaceId);
    await this.#resume(workspaceId);
  }

  async #resume(workspaceId: string): Promise<void> {
    if (this.#context.isOpen()) await this.#resumption.one(workspaceId);
  }
}

/** Routes name a session without its workspace, so its id must mean one thing in the gateway. */
function assertApart(config: WorkspaceConfig, other: WorkspaceConfig): void {
  if (other.workspace_id === config.workspace_id) return;
  const taken = new Set([other.workspace_id, ...other.sessions.map((each) => each.session_id)]);
  const clash = [config.workspace_id, ...config.sessions.map((each) => each.session_id)];
  if (!clash.some((id) => taken.has(id))) return;
  const why = 'A session id or the workspace id is taken by another workspace; choose another.';
  throw new GatewayError('conflict', why);
}
