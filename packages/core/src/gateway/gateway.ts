import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import { isId, toId } from '../ids';
import { Intake } from '../intake/intake';
import { silentLogger } from '../logger';
import { MessageWatch } from '../outbox/message-watch';
import { SendDeadlines } from '../outbox/send-deadlines';
import type { ProviderFactory } from '../provider/provider';
import { defaultSessionTimings } from '../session/session-context';
import { SessionManager } from '../session/session-manager';
import type { Store } from '../store/store';
import { Webhooks } from '../webhooks/webhooks';
import type { GatewayOptions } from './gateway-options';
import { ProviderChoices } from './provider-choices';
import type { SwitchRequest } from './provider-switch';
import { defaultRetention, Retention } from './retention';
import { Workspace, type WorkspaceContext } from './workspace';
import { WorkspaceChanges } from './workspace-changes';
import type { WorkspaceConfig } from './workspace-config';
import { firstOf, storedWorkspaces, type WorkspaceSource } from './workspace-source';

/** The gateway: many tenants, their sessions, and one store. Two in one process do not meet. */
export class Gateway implements AsyncDisposable {
  /** Where state lives. */
  readonly store: Store;
  /** The sessions of this instance. */
  readonly sessions: SessionManager;
  /** What platforms and the primary application bring in. */
  readonly intake: Intake;
  /** Where events are delivered to; `undefined` when the gateway has no transport for them. */
  readonly webhooks: Webhooks | undefined;
  readonly #source: WorkspaceSource;
  readonly #choices: ProviderChoices;
  readonly #workspace: WorkspaceContext;
  readonly #retention: Retention;
  readonly #changes: WorkspaceChanges;
  #open = false;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * @param options what the gateway is made of
   * @throws GatewayError `invalid_config` when two providers share a type, or the instance id is malformed
   */
  constructor(options: GatewayOptions) {
    const clock = options.clock ?? systemClock;
    const { observer = {}, logger = silentLogger, random = Math.random } = options;
    const watch = new MessageWatch(clock);
    const instanceId = options.instanceId ?? randomUUID();
    if (!isId(instanceId)) throw new GatewayError('invalid_config', 'instanceId must be an id.');
    this.store = options.store;
    const factories = byType(options.providers);
    const stored = storedWorkspaces(this.store.workspaces);
    this.#choices = new ProviderChoices(this.store.workspaces);
    this.#source = this.#choices.over(
      options.workspaces ? firstOf([options.workspaces, stored]) : stored,
    );
    const timings = { ...defaultSessionTimings, ...options.timings };
    this.sessions = new SessionManager({
      factories,
      workspaces: this.#source,
      explain: (workspaceId, error) => this.#choices.explain(workspaceId, error),
      maxStartsAtOnce: options.maxStartsAtOnce ?? 2,
      store: this.store,
      instanceId,
      timings,
      deadlines: new SendDeadlines({ clock, timeoutMs: timings.sendMs }),
      onMessage: (message) => watch.notify(message),
      clock,
      random,
      logger,
      observer,
    });
    this.#changes = new WorkspaceChanges({
      store: this.store,
      source: this.#source,
      choices: this.#choices,
      sessions: this.sessions,
      factories,
      clock,
      random,
      logger,
      isOpen: () => this.#open,
      readOn: (workspaceId) => this.intake.resume(workspaceId),
      onChange: () => this.intake.changed(),
    });
    this.intake = new Intake({
      store: this.store,
      sessions: this.sessions,
      source: this.#source,
      factories,
      clock,
      random,
      logger,
      observer,
    });
    this.#retention = new Retention(
      { ...defaultRetention, ...options.retention },
      { store: this.store, source: this.#source, clock, logger },
    );
    this.webhooks =
      options.webhooks &&
      new Webhooks({
        store: this.store,
        transport: options.webhooks,
        clock,
        random,
        logger,
        observer,
      });
    this.#workspace = {
      store: this.store,
      sessions: this.sessions,
      source: this.#source,
      watch,
      isOpen: () => this.#open,
      clock,
      observer,
    };
  }

  /** How many workspaces' sessions could not be started yet, and are tried again in the background. */
  get unresumed(): number {
    return this.#changes.unresumed;
  }

  /**
   * Opens the store, and starts every session that is linked and was not stopped by its owner. Idempotent.
   * @throws GatewayError `shutting_down` when it was stopped before or meanwhile: make a new one
   */
  start(): Promise<void> {
    this.#starting ??= (async () => {
      this.#assertNotStopped();
      await this.store.start();
      await this.#choices.load();
      this.#assertNotStopped();
      this.#open = true;
      this.#retention.start();
      await this.webhooks?.start();
      await this.#changes.begin();
    })();
    return this.#starting;
  }

  /** Takes no more messages, lets sends in flight finish, stops sessions, closes the store. Idempotent. */
  stop(): Promise<void> {
    this.#open = false;
    this.#retention.stop();
    this.intake.stop();
    this.sessions.close();
    this.#stopping ??= (async () => {
      await this.#starting?.catch(() => undefined);
      await this.#changes.end(() => this.sessions.retireAll());
      // After the sessions: their last events are delivered with the next start at the latest.
      await this.webhooks?.stop();
      await this.store.stop();
    })();
    return this.#stopping;
  }

  /**
   * A tenant's handle. Cheap; an unknown workspace shows at its first use, as `not_found`.
   * @throws GatewayError `invalid_id`
   */
  workspace(id: string): Workspace {
    return new Workspace(toId(id, 'workspace_id'), this.#workspace);
  }

  /** Every workspace that is known without being asked for. */
  workspaces(): Promise<readonly WorkspaceConfig[]> {
    return this.#source.list();
  }

  /**
   * Writes a workspace's configuration and puts it into force: its sessions stop, and start again
   * under the new one where they are linked.
   * @throws GatewayError `invalid_config`, `invalid_id`, `shutting_down`, or `conflict` when a
   *   session id is taken
   */
  configure(config: unknown): Promise<WorkspaceConfig> {
    return this.#changes.configure(config);
  }

  /**
   * Stops a workspace's sessions and forgets its configuration. Credentials, messages and events stay.
   * @throws GatewayError `not_found`, or `conflict` when the workspace is not managed over the API
   */
  remove(workspaceId: string): Promise<void> {
    return this.#changes.remove(workspaceId);
  }

  /**
   * Puts a workspace on another provider while it runs, wherever its configuration comes from: sends
   * in flight finish, what is queued goes out by the new one. The choice holds over restarts, until
   * the workspace is configured anew.
   * @returns the configuration that is in force now
   * @throws GatewayError `not_found`, `invalid_config`, `shutting_down`, or `conflict` when settings
   *   are given for a workspace that is configured elsewhere
   */
  switchProvider(workspaceId: string, request: SwitchRequest): Promise<WorkspaceConfig> {
    return this.#changes.switchProvider(workspaceId, request);
  }

  /** Same as {@link Gateway.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #assertNotStopped(): void {
    if (this.#stopping === undefined) return;
    throw new GatewayError('shutting_down', 'This gateway was stopped; make a new one.');
  }
}

function byType(providers: readonly ProviderFactory[]): ReadonlyMap<string, ProviderFactory> {
  const factories = new Map(providers.map((factory) => [factory.type, factory]));
  if (factories.size === providers.length) return factories;
  throw new GatewayError(
    'invalid_config',
    'Two providers have the same type; give one another name.',
  );
}
