import { isDeepStrictEqual } from 'node:util';
import type {
  LookUp,
  WorkspaceChange,
  WorkspaceConfig,
  WorkspaceSource,
  WorkspaceStore,
} from '@blazz/core';
import { ExpiringMap } from '@blazz/core/adapters';
import { AskBehind } from './ask-behind';
import { Asking, type AskingOptions } from './asking';
import { Places } from './places';

/** What it takes to ask somebody for workspaces. */
export interface AskedWorkspacesOptions extends AskingOptions {
  /** Where what was said last outlives the process. */
  readonly copies: Pick<WorkspaceStore, 'saveCopy' | 'deleteCopy' | 'copies'>;
  /** Chance, 0 up to 1. */
  readonly random: () => number;
}

/** A workspace that there is. */
interface Known {
  /** What was said last. */
  readonly config: WorkspaceConfig;
  /** From when on it is asked for again, by the monotonic clock. */
  readonly until: number;
  /** Whether it was not known there when it was asked for last: if so the next time too, it is gone. */
  readonly isDoubted?: boolean;
}

/** How long an answer counts, in milliseconds: every send asks for its workspace. */
const FRESH_MS = 30_000;
/** How long nobody is asked again who gave no answer of use, in milliseconds, where something is known. */
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
 * Workspaces that somebody else knows, asked for as they are needed. What was said last holds, also in
 * the next process: nobody waits for an answer about a workspace that is known, it is asked for behind
 * those who use it. Only an id that was never met waits. What is new or has changed is told to whoever
 * watches; as long as somebody does, what is in doubt is asked for again by itself. Ids that are no
 * workspace's are remembered apart from workspaces, so that however many are made up, no workspace is
 * forgotten for them; and strangers cause a few questions at a time.
 */
export class AskedWorkspaces implements WorkspaceSource {
  readonly #options: AskedWorkspacesOptions;
  readonly #known = new Map<string, Known>();
  readonly #misses = new ExpiringMap<true>(MOST_MISSES);
  readonly #strangersMisses = new ExpiringMap<true>(MOST_MISSES);
  /** Not known here yet, and in force as another source has them. */
  readonly #elsewhere = new Set<string>();
  readonly #asking: Asking;
  readonly #behind: AskBehind;
  readonly #places: Places;
  readonly #listeners = new Set<(change: WorkspaceChange) => void>();
  #loading: Promise<void> | undefined;

  /** @param options whom to ask */
  constructor(options: AskedWorkspacesOptions) {
    this.#options = options;
    this.#asking = new Asking(options);
    const ask = (workspaceId: string): Promise<unknown> => this.#refresh(workspaceId);
    this.#behind = new AskBehind({ ...options, asking: this.#asking, ask });
    this.#places = new Places({ ...strangers, clock: options.clock });
  }

  /** {@inheritDoc WorkspaceSource.get} */
  async get(workspaceId: string, lookUp: LookUp = {}): Promise<WorkspaceConfig | undefined> {
    await this.#load();
    const known = this.#known.get(workspaceId);
    if (known !== undefined) {
      if (this.#isStale(known)) this.#behind.soon(workspaceId);
      return known.config;
    }
    if (this.#isMissing(workspaceId)) return undefined;
    if ((await lookUp.elsewhere?.()) !== undefined) {
      this.#elsewhere.add(workspaceId);
      this.#behind.soon(workspaceId);
      return undefined;
    }
    const under = this.#asking.under(workspaceId);
    if (under !== undefined) return await under;
    if (lookUp.byStranger !== true) return await this.#ask(workspaceId, this.#misses);
    this.#asking.assertThere();
    return await this.#places.take(async () => {
      // It may have been asked for while this one waited.
      const found = this.#known.get(workspaceId)?.config;
      if (found !== undefined || this.#isMissing(workspaceId)) return found;
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
    this.#behind.begin();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#behind.end();
    };
  }

  /** Reads what was said in processes before this one, and asks for all of it anew. */
  #load(): Promise<void> {
    this.#loading ??= this.#options.copies.copies().then(
      (copies) => {
        for (const config of copies) {
          this.#known.set(config.workspace_id, { config, until: Number.NEGATIVE_INFINITY });
        }
        for (const { workspace_id } of copies) this.#behind.soon(workspace_id);
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }

  #isStale({ until }: Known): boolean {
    return this.#options.clock.monotonic() >= until;
  }

  #isMissing(workspaceId: string): boolean {
    const now = this.#options.clock.monotonic();
    return [this.#misses, this.#strangersMisses].some((each) => each.get(workspaceId, now));
  }

  #ask(workspaceId: string, misses: ExpiringMap<true>): Promise<WorkspaceConfig | undefined> {
    return this.#asking.ask(workspaceId, (config) => this.#learn(workspaceId, config, misses));
  }

  /** Asks for a workspace that nobody waits for, unless that was done meanwhile. */
  async #refresh(workspaceId: string): Promise<void> {
    const known = this.#known.get(workspaceId);
    if (known === undefined ? this.#isMissing(workspaceId) : !this.#isStale(known)) return;
    try {
      await this.#ask(workspaceId, this.#misses);
    } catch (error) {
      const until = this.#options.clock.monotonic() + AGAIN_MS;
      // What was said last holds.
      if (known !== undefined) this.#known.set(workspaceId, { ...known, until });
      throw error;
    }
  }

  #learn(
    workspaceId: string,
    config: WorkspaceConfig | undefined,
    misses: ExpiringMap<true>,
  ): void {
    const { clock, copies } = this.#options;
    const now = clock.monotonic();
    const known = this.#known.get(workspaceId);
    const isElsewhere = this.#elsewhere.delete(workspaceId);
    if (config === undefined) {
      if (known === undefined) misses.set(workspaceId, true, now + FRESH_MS, now);
      else this.#doubt(known, now);
      return;
    }
    this.#behind.settle(workspaceId);
    this.#known.delete(workspaceId);
    this.#known.set(workspaceId, { config, until: now + FRESH_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) {
      this.#known.delete(oldest);
      this.#keepCopy(oldest, () => copies.deleteCopy(oldest));
    }
    if (isDeepStrictEqual(known?.config, config)) return;
    this.#keepCopy(workspaceId, () => copies.saveCopy(config));
    const isNew = known === undefined && !isElsewhere;
    this.#tell({ workspaceId, kind: isNew ? 'added' : 'changed' });
  }

  /** A proxy, or an application that is being replaced, answers so too: once is not for good. */
  #doubt({ config, isDoubted }: Known, now: number): void {
    const { workspace_id: workspaceId } = config;
    const until = now + FRESH_MS;
    this.#behind.doubt(workspaceId);
    if (isDoubted !== true) {
      this.#known.set(workspaceId, { config, until, isDoubted: true });
      return;
    }
    this.#known.delete(workspaceId);
    this.#misses.set(workspaceId, true, until, now);
    this.#keepCopy(workspaceId, () => this.#options.copies.deleteCopy(workspaceId));
    this.#tell({ workspaceId, kind: 'removed' });
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
}
