import {
  type Clock,
  GatewayError,
  isGatewayError,
  type Logger,
  type WorkspaceConfig,
} from '@blazz/core';
import { Breaker } from '@blazz/core/adapters';

/** What it takes to ask. */
export interface AskingOptions {
  /** Asks for one; resolves with `undefined` when there is none, and rejects when nobody answers. */
  readonly ask: (workspaceId: string) => Promise<WorkspaceConfig | undefined>;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** After one question without an answer nobody is asked for 5 s, then for 10, up to 30. */
const away = { failures: 1, openMs: 5_000, maxOpenMs: 30_000 };
/** How often the log says so at most, in milliseconds: ids are what strangers make up. */
const QUIET_MS = 5_000;

/**
 * Asks somebody for workspaces: about each once, however many want to know, and about none while
 * nobody answers, since whoever asks would wait in vain. After a while one question finds out.
 */
export class Asking {
  readonly #options: AskingOptions;
  readonly #breaker: Breaker;
  readonly #asking = new Map<string, Promise<WorkspaceConfig | undefined>>();
  #quietUntil = Number.NEGATIVE_INFINITY;

  /** @param options whom to ask */
  constructor(options: AskingOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options.clock, away);
  }

  /** Whether nobody is asked now: there was no answer, or one question is finding out. */
  get isAway(): boolean {
    const { state } = this.#breaker;
    return state === 'open' || (state === 'half_open' && this.#asking.size > 0);
  }

  /** How long nobody is asked from now on at least, in milliseconds. */
  get waitMs(): number {
    return this.#breaker.waitMs;
  }

  /** The question about a workspace that is under way. */
  under(workspaceId: string): Promise<WorkspaceConfig | undefined> | undefined {
    return this.#asking.get(workspaceId);
  }

  /**
   * Asks about a workspace.
   * @param learn told what was answered, before anybody else is
   * @throws GatewayError `store_unavailable` when there is no answer; at once while nobody is asked
   */
  async ask(
    workspaceId: string,
    learn: (config: WorkspaceConfig | undefined) => void,
  ): Promise<WorkspaceConfig | undefined> {
    const under = this.#asking.get(workspaceId);
    if (under !== undefined) return await under;
    this.assertThere();
    const answer = this.#ask(workspaceId, learn).finally(() => this.#asking.delete(workspaceId));
    this.#asking.set(workspaceId, answer);
    return await answer;
  }

  /** @throws GatewayError `store_unavailable` while nobody is asked */
  assertThere(): void {
    if (this.isAway) throw this.#unavailable();
  }

  async #ask(
    workspaceId: string,
    learn: (config: WorkspaceConfig | undefined) => void,
  ): Promise<WorkspaceConfig | undefined> {
    let config: WorkspaceConfig | undefined;
    try {
      config = await this.#options.ask(workspaceId);
    } catch (cause) {
      this.#warn(cause);
      // Whoever answers, but not well, is there: others may be answered better.
      if (isGatewayError(cause)) this.#breaker.succeeded();
      else this.#breaker.failed();
      throw this.#unavailable(cause);
    }
    this.#breaker.succeeded();
    learn(config);
    return config;
  }

  #warn(error: unknown): void {
    const { clock, logger } = this.#options;
    const now = clock.monotonic();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + QUIET_MS;
    logger.warn('the primary application could not be asked', { error });
  }

  #unavailable(cause?: unknown): GatewayError {
    const why =
      'The primary application, which may know this workspace, could not be asked. Try again.';
    const { waitMs } = this;
    return new GatewayError('store_unavailable', why, {
      ...(cause === undefined ? {} : { cause }),
      ...(waitMs === 0 ? {} : { retryAfterMs: waitMs }),
    });
  }
}
