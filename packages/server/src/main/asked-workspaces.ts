import { isDeepStrictEqual } from 'node:util';
import {
  type Clock,
  GatewayError,
  isGatewayError,
  type Logger,
  type LookUp,
  type WorkspaceChange,
  type WorkspaceConfig,
  type WorkspaceSource,
  type WorkspaceStore,
} from '@blazz/core';
import { ExpiringMap } from '@blazz/core/adapters';
import { Places } from './places';

/** What it takes to ask somebody for workspaces. */
export interface AskedWorkspacesOptions {
  /** Asks for one; resolves with `undefined` when there is none, and rejects when nobody answers. */
  readonly ask: (workspaceId: string) => Promise<WorkspaceConfig | undefined>;
  /** Where what was said last outlives the process. */
  readonly copies: Pick<WorkspaceStore, 'saveCopy' | 'deleteCopy' | 'copies'>;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
}

/** A workspace that there is. */
interface Known {
  /** What was said last. */
  readonly config: WorkspaceConfig;
  /** Until when that holds without asking again, by the monotonic clock. */
  readonly until: number;
  /** Whether it was not known there when it was asked for last: if so the next time too, it is gone. */
  readonly isDoubted?: boolean;
}

/** How long an answer counts, in milliseconds: every send asks for its workspace. */
const FRESH_MS = 30_000;
/** How long nobody is asked again who did not answer, in milliseconds, where something is known. */
const AGAIN_MS = 5_000;
/** How many workspaces are remembered; the one that was not asked for the longest goes first. */
const MOST_KNOWN = 10_000;
/** How many ids are remembered, of callers and of strangers each, that are no workspace's. */
const MOST_MISSES = 10_000;
/** What is spent on ids that strangers may have made up. */
const strangers = {
  atOnce: 4,
  waiting: 64,
  waitMs: 2_000,
  refusal: 'Too many addresses that are not known here are being looked up. Post it again later.',
};

/**
 * Workspaces that somebody else knows, asked for as they are needed. What was said last holds while
 * nobody answers, also in the next process. What is new or has changed is told to whoever watches. Ids
 * that are no workspace's are remembered apart from workspaces, so that however many are made up, no
 * workspace is forgotten for them; and strangers cause a few questions at a time.
 */
export class AskedWorkspaces implements WorkspaceSource {
  readonly #options: AskedWorkspacesOptions;
  readonly #known = new Map<string, Known>();
  readonly #misses = new ExpiringMap<true>(MOST_MISSES);
  readonly #strangersMisses = new ExpiringMap<true>(MOST_MISSES);
  readonly #asking = new Map<string, Promise<WorkspaceConfig | undefined>>();
  readonly #places: Places;
  readonly #listeners = new Set<(change: WorkspaceChange) => void>();
  #loading: Promise<void> | undefined;
  #quietUntil = Number.NEGATIVE_INFINITY;
  /** Until when nobody is asked about what is known, since nobody answers. */
  #awayUntil = Number.NEGATIVE_INFINITY;

  /** @param options whom to ask */
  constructor(options: AskedWorkspacesOptions) {
    this.#options = options;
    this.#places = new Places({ ...strangers, clock: options.clock });
  }

  /** {@inheritDoc WorkspaceSource.get} */
  async get(workspaceId: string, lookUp: LookUp = {}): Promise<WorkspaceConfig | undefined> {
    await this.#load();
    const now = this.#options.clock.monotonic();
    const known = this.#known.get(workspaceId);
    if (known !== undefined) {
      if (now < this.#awayUntil) return known.config;
      if (now < known.until) return known.isDoubted === true ? undefined : known.config;
      return await this.#ask(workspaceId, this.#misses).catch(() => this.#keep(known));
    }
    if (this.#isMissing(workspaceId, now)) return undefined;
    const under = this.#asking.get(workspaceId);
    if (under !== undefined) return await under;
    if (lookUp.byStranger !== true) return await this.#ask(workspaceId, this.#misses);
    return await this.#places.take(async () => {
      // It may have been asked for while this one waited.
      const found = this.#known.get(workspaceId)?.config;
      const later = this.#options.clock.monotonic();
      if (found !== undefined || this.#isMissing(workspaceId, later)) return found;
      return await this.#ask(workspaceId, this.#strangersMisses);
    });
  }

  /** {@inheritDoc WorkspaceSource.list} */
  async list(): Promise<readonly WorkspaceConfig[]> {
    await this.#load();
    // Only those that were asked for, now or before, are known.
    return [...this.#known.values()].map(({ config }) => config);
  }

  /** {@inheritDoc WorkspaceSource.watch} */
  watch(listener: (change: WorkspaceChange) => void): () => void {
    const own = (change: WorkspaceChange): void => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Reads what was said in processes before this one. It is asked for anew at its first use. */
  #load(): Promise<void> {
    this.#loading ??= this.#options.copies.copies().then(
      (copies) => {
        for (const config of copies) {
          this.#known.set(config.workspace_id, { config, until: Number.NEGATIVE_INFINITY });
        }
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }

  #isMissing(workspaceId: string, now: number): boolean {
    return [this.#misses, this.#strangersMisses].some((each) => each.get(workspaceId, now));
  }

  /** Asks once, however many want to know. */
  #ask(workspaceId: string, misses: ExpiringMap<true>): Promise<WorkspaceConfig | undefined> {
    const under = this.#asking.get(workspaceId);
    if (under !== undefined) return under;
    const answer = this.#options
      .ask(workspaceId)
      .then(
        (config) => this.#learn(workspaceId, config, misses),
        (error: unknown) => this.#unanswered(error),
      )
      .finally(() => this.#asking.delete(workspaceId));
    this.#asking.set(workspaceId, answer);
    return answer;
  }

  #learn(
    workspaceId: string,
    config: WorkspaceConfig | undefined,
    misses: ExpiringMap<true>,
  ): WorkspaceConfig | undefined {
    const { clock, copies } = this.#options;
    const now = clock.monotonic();
    const known = this.#known.get(workspaceId);
    const before = known?.config;
    if (config === undefined && known !== undefined && known.isDoubted !== true) {
      // A proxy, or an application that is being replaced, answers so too: once is not for good.
      this.#known.set(workspaceId, { ...known, until: now + FRESH_MS, isDoubted: true });
      return undefined;
    }
    this.#known.delete(workspaceId);
    if (config === undefined) {
      misses.set(workspaceId, true, now + FRESH_MS, now);
      if (before === undefined) return undefined;
      this.#keepCopy(workspaceId, () => copies.deleteCopy(workspaceId));
      this.#tell({ workspaceId, kind: 'removed' });
      return undefined;
    }
    this.#known.set(workspaceId, { config, until: now + FRESH_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) {
      this.#known.delete(oldest);
      this.#keepCopy(oldest, () => copies.deleteCopy(oldest));
    }
    if (isDeepStrictEqual(before, config)) return config;
    this.#keepCopy(workspaceId, () => copies.saveCopy(config));
    this.#tell({ workspaceId, kind: before === undefined ? 'added' : 'changed' });
    return config;
  }

  /** Nobody waits for a copy: it is of use to the next process only. */
  #keepCopy(workspace_id: string, write: () => Promise<void>): void {
    write().catch((error: unknown) => {
      this.#options.logger.error('the copy of a workspace was not kept', { error, workspace_id });
    });
  }

  #tell(change: WorkspaceChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** What was said last holds, and nobody is asked for a moment: each send would wait for that. */
  #keep({ config }: Known): WorkspaceConfig {
    const until = this.#options.clock.monotonic() + AGAIN_MS;
    this.#known.set(config.workspace_id, { config, until });
    return config;
  }

  /**
   * Says so once in a while: ids are what strangers make up, and so would be lines of the log. Where
   * there was no answer at all, others would wait as long in vain.
   */
  #unanswered(cause: unknown): never {
    const { clock, logger } = this.#options;
    const now = clock.monotonic();
    if (now >= this.#quietUntil) {
      this.#quietUntil = now + AGAIN_MS;
      logger.warn('the primary application could not be asked', { error: cause });
    }
    if (!isGatewayError(cause)) this.#awayUntil = now + AGAIN_MS;
    throw new GatewayError(
      'store_unavailable',
      'The primary application, which configures this workspace, could not be asked. Try again.',
      { cause },
    );
  }
}
