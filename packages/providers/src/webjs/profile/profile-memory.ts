import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Clock, Logger } from '@blazz/core';
import { asNumber, asRaw } from '../decode/raw';
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
  #cancel: CancelTimer | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param context what the memory needs */
  constructor(context: ProfileMemoryContext) {
    this.#context = context;
  }

  /** Reads what was remembered. */
  async load(): Promise<void> {
    const { paths, lookBackMs } = this.#context;
    this.#lastSeen = (await this.#readSeen()) ?? this.#now() - Math.floor(lookBackMs / 1000);
    // What is found out for the first time is written before the browser makes a database.
    this.#setLinked(await isLinked(paths));
  }

  /** When the latest message that was told was written, seconds since 1970. */
  get lastSeen(): number {
    return this.#lastSeen;
  }

  /** A message written then was told. */
  seen(t: number): void {
    // A message stamped in the future must not hide those of the present.
    const at = Math.min(t, this.#now());
    if (at <= this.#lastSeen) return;
    this.#lastSeen = at;
    this.#cancel ??= this.#context.clock.schedule(writeAfterMs, () => {
      this.#cancel = undefined;
      this.#write();
    });
  }

  /** The profile holds credentials. */
  linked(): void {
    this.#setLinked(true);
  }

  /** The profile holds none; whatever was written before a link is history. */
  unlinked(): void {
    this.#setLinked(false);
    this.#lastSeen = Math.max(this.#lastSeen, this.#now());
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    if (this.#cancel !== undefined) this.#write();
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#writing;
  }

  #setLinked(linked: boolean): void {
    if (this.#linked === linked) return;
    this.#linked = linked;
    writeLink(this.#context.paths, linked);
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
    const body = JSON.stringify({ last_seen: this.#lastSeen });
    const draft = `${this.#seenFile}.new`;
    this.#writing = this.#writing
      .then(() => writeFile(draft, body, { mode: 0o600 }))
      .then(() => rename(draft, this.#seenFile))
      .catch((error: unknown) =>
        this.#context.logger.error('what a session has seen was not written', { error }),
      );
  }
}
