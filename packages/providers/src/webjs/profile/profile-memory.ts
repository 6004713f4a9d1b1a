import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Clock, Logger } from '@blazz/core';
import { asNumber, asRaw } from '../../json/raw';
import { isLinked, writeLink } from './link-file';
import type { ProfilePaths } from './profile-paths';

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
  #linked: boolean | undefined;
  #lastSeen = 0;
  #held: number | undefined;
  #cancel: CancelTimer | undefined;
  #loading: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param context what the memory needs */
  constructor(context: ProfileMemoryContext) {
    this.#context = context;
  }

  /** Reads what was remembered. */
  load(): Promise<void> {
    this.#loading = this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { paths, lookBackMs } = this.#context;
    this.#lastSeen = (await this.#readSeen()) ?? this.#now() - Math.floor(lookBackMs / 1000);
    // What is found out for the first time is written before the browser makes a database.
    this.#setLinked(await isLinked(paths));
  }

  /**
   * Keeps the moment up to which everything was seen where it is, until {@link release}: messages
   * that come in now say nothing about those that are still to be looked for.
   * @returns that moment, seconds since 1970
   */
  hold(): number {
    this.#held ??= this.#lastSeen;
    return this.#held;
  }

  /** Everything up to the latest message that was told is seen. */
  release(): void {
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#writeSoon();
  }

  /** A message written then was told. */
  seen(t: number): void {
    // A message stamped in the future must not hide those of the present.
    const at = Math.min(t, this.#now());
    if (at <= this.#lastSeen) return;
    this.#lastSeen = at;
    this.#writeSoon();
  }

  #writeSoon(): void {
    this.#cancel ??= this.#context.clock.schedule(writeAfterMs, () => {
      this.#cancel = undefined;
      this.#write();
    });
  }

  /** Whether the profile holds credentials, as far as is known. */
  get isLinked(): boolean {
    return this.#linked === true;
  }

  /** The profile holds credentials. */
  linked(): void {
    this.#setLinked(true);
  }

  /** The profile holds none; whatever was written before a link is history. */
  unlinked(): void {
    this.#setLinked(false);
    this.#lastSeen = Math.max(this.#lastSeen, this.#now());
    this.#held = undefined;
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    // A load under way may write, too; afterwards nothing does.
    await this.#loading?.catch(() => undefined);
    if (this.#cancel !== undefined) this.#write();
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#writing;
  }

  #setLinked(linked: boolean): void {
    if (this.#linked === linked) return;
    try {
      writeLink(this.#context.paths, linked);
      this.#linked = linked;
    } catch (error) {
      // A full disk must not keep a QR, or a session that is ready, from being told; it is tried
      // again at the next occasion.
      this.#context.logger.error(
        'whether a session is linked could not be written; make room in the sessions folder',
        { error },
      );
    }
  }

  #now(): number {
    return Math.floor(this.#context.clock.now() / 1000);
  }

  get #seenFile(): string {
    return join(this.#context.paths.dir, 'seen.json');
  }

  async #readSeen(): Promise<number | undefined> {
    try {
      return asNumber(asRaw(JSON.parse(await readFile(this.#seenFile, 'utf8'))).last_seen);
    } catch {
      return undefined;
    }
  }

  /** A crash leaves the old file or the new one, never half of one. */
  #write(): void {
    const body = JSON.stringify({ last_seen: this.#held ?? this.#lastSeen });
    const draft = `${this.#seenFile}.new`;
    this.#writing = this.#writing
      .then(() => writeFile(draft, body, { mode: 0o600 }))
      .then(() => rename(draft, this.#seenFile))
      .catch((error: unknown) =>
        this.#context.logger.error('what a session has seen was not written', { error }),
      );
  }
}
