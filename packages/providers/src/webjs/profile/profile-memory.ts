import type { CancelTimer, Clock, Logger } from '@blazz/core';
import type { ProfilePaths } from './profile-paths';
import { isLinked, type ProfileState, readProfileState, writeProfileState } from './profile-state';

/** How long a change may wait to be written, in milliseconds: a crash repeats that much, and loses nothing. */
const writeAfterMs = 2_000;

/** What a profile memory needs. */
export interface ProfileMemoryContext {
  /** Where the profile is. */
  readonly paths: ProfilePaths;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** How far back to look when nothing is remembered, in milliseconds. */
  readonly lookBackMs: number;
}

/** Remembers, over restarts, whether a session is linked and which messages it has seen. */
export class ProfileMemory {
  readonly #context: ProfileMemoryContext;
  #state: ProfileState = { linked: false };
  #dirty = false;
  #cancel: CancelTimer | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param context what the memory needs */
  constructor(context: ProfileMemoryContext) {
    this.#context = context;
  }

  /** Reads what was remembered. What is found out for the first time is written before the browser starts. */
  async load(): Promise<void> {
    const { paths, clock, lookBackMs } = this.#context;
    const known = await readProfileState(paths);
    const lastSeen = known?.lastSeen ?? Math.floor((clock.now() - lookBackMs) / 1000);
    if (known !== undefined) this.#state = { linked: known.linked, lastSeen };
    else this.#change({ linked: await isLinked(paths), lastSeen }, true);
    await this.flush();
  }

  /** When the latest message that was told was written, seconds since 1970. */
  get lastSeen(): number {
    return this.#state.lastSeen ?? Math.floor(this.#context.clock.now() / 1000);
  }

  /** A message written then was told. */
  seen(t: number): void {
    // A message stamped in the future must not hide those of the present.
    const at = Math.min(t, Math.floor(this.#context.clock.now() / 1000));
    if (at > this.lastSeen) this.#change({ ...this.#state, lastSeen: at });
  }

  /** The profile holds credentials. */
  linked(): void {
    if (!this.#state.linked) this.#change({ ...this.#state, linked: true }, true);
  }

  /** The profile holds none; whatever was written before a link is history. */
  unlinked(): void {
    const lastSeen = Math.floor(this.#context.clock.now() / 1000);
    this.#change({ linked: false, lastSeen }, true);
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#dirty) this.#write();
    await this.#writing;
  }

  #change(state: ProfileState, atOnce = false): void {
    this.#state = state;
    this.#dirty = true;
    if (atOnce) return this.#write();
    this.#cancel ??= this.#context.clock.schedule(writeAfterMs, () => {
      this.#cancel = undefined;
      this.#write();
    });
  }

  #write(): void {
    this.#dirty = false;
    const state = this.#state;
    const { paths, logger } = this.#context;
    this.#writing = this.#writing
      .then(() => writeProfileState(paths, state))
      .catch((error: unknown) => logger.error('the state of a session was not written', { error }));
  }
}
