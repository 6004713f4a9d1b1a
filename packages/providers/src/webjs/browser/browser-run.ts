import { mkdir } from 'node:fs/promises';
import { GatewayError, withDeadline } from '@blazz/core';
import { containedAuth } from '../containment/contained-auth';
import { containedClient } from '../containment/contained-client';
import type { RejectionGuard } from '../containment/rejection-guard';
import type { Library, LibraryClient } from '../library/library-types';
import { attentionScript } from '../page/attention';
import { folderError } from '../profile/folder-error';
import { wipeProfile } from '../profile/link-file';
import { acquireProfileLock, type ProfileLock } from '../profile/profile-lock';
import type { ProfilePaths } from '../profile/profile-paths';
import { clearSingletonLock } from '../profile/singleton-lock';
import type { SessionScope } from '../session/session-scope';
import type { WebjsSettings } from '../settings';
import type { FoundBrowser } from './find-browser';
import { launchOptions } from './launch-options';
import { profileMemory } from './process-memory';
import { killProfileUsers } from './process-tree';

/** What a browser run tells. */
interface BrowserRunHooks {
  /** The client stands, and nothing runs yet: listen now. */
  readonly onClient: (client: LibraryClient) => void;
  /** The browser and its page stand; nothing is loaded yet. */
  readonly onBrowser: () => void;
  /** The page was navigated or reloaded. */
  readonly onReinject: () => void;
  /** The browser, or its page, is of no more use. */
  readonly onLost: (what: string, cause?: unknown) => void;
  /** A rejection that the library left uncaught was contained. */
  readonly onStray: (reason: unknown) => void;
}

/** What a browser run works with. */
export interface BrowserRunParts {
  /** What the parts of the session share. */
  readonly scope: SessionScope;
  /** Where the profile is. */
  readonly paths: ProfilePaths;
  /** The workspace's settings. */
  readonly settings: WebjsSettings;
  /** Contains what the library leaves uncaught. */
  readonly guard: RejectionGuard;
  /** What the run tells. */
  readonly hooks: BrowserRunHooks;
}

/** One browser on one profile, from its lock to its last process. */
export class BrowserRun {
  readonly #parts: BrowserRunParts;
  #lock: ProfileLock | undefined;
  #leave: (() => void) | undefined;
  #client: LibraryClient | undefined;
  #preparing: Promise<void> | undefined;
  #initializing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #wipe = false;
  #group: number | undefined;

  /** @param parts what the run works with */
  constructor(parts: BrowserRunParts) {
    this.#parts = parts;
  }

  /** How much memory the browser takes, in bytes, where the system tells. */
  memory(): Promise<number | undefined> {
    return profileMemory(this.#parts.paths.browserDir, this.#group);
  }

  /** Deletes the profile once the browser is gone. */
  wipeAfterwards(): void {
    this.#wipe = true;
  }

  /** Locks the profile and frees it from what a crash left behind. */
  prepare(): Promise<void> {
    this.#preparing = this.#prepare();
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    const { scope, paths } = this.#parts;
    const { host, leaseHeld } = scope.options;
    try {
      await mkdir(paths.dir, { recursive: true, mode: 0o700 });
      this.#lock = await acquireProfileLock(paths.dir, { host, leaseHeld });
    } catch (error) {
      throw folderError(error);
    }
    const { killed, left } = await killProfileUsers(paths.browserDir, { clock: scope.clock });
    if (killed > 0) {
      scope.logger.warn('a browser that was left on the profile was killed', { count: killed });
    }
    if (left.length > 0) {
      throw new GatewayError(
        'profile_locked',
        'A browser that was left on the profile cannot be killed; end it, then start again.',
      );
    }
    await clearSingletonLock(paths.browserDir, { host, leaseHeld });
  }

  /** Starts the browser and loads WhatsApp Web. Resolves when the library listens. */
  async launch(library: Library, browser: FoundBrowser): Promise<void> {
    const { guard, hooks } = this.#parts;
    if (this.#closing !== undefined) return;
    this.#leave = guard.enter();
    await guard.run(hooks.onStray, async () => {
      const client = this.#makeClient(library, browser);
      this.#client = client;
      hooks.onClient(client);
      this.#initializing = client.initialize();
      await this.#initializing;
    });
  }

  /**
   * Closes the browser, by force when it does not close in time or `force` says so, and leaves no
   * process behind. Then deletes the profile, if asked to, and unlocks it. Idempotent.
   */
  close(force: boolean): Promise<void> {
    this.#closing ??= this.#close(force);
    return this.#closing;
  }

  async #close(force: boolean): Promise<void> {
    const { scope, paths } = this.#parts;
    await this.#preparing?.catch(() => undefined);
    // Without the lock, whatever runs on the profile is somebody else's.
    if (this.#lock === undefined) return;
    if (!force) await this.#closeGently();
    await this.#kill();
    // A launch that is under way ends now, or throws at the next hook.
    await this.#settled();
    await this.#kill();
    if (this.#wipe) {
      await wipeProfile(paths).catch((error: unknown) =>
        scope.logger.error('the credentials of an ended link could not be deleted', { error }),
      );
    }
    await this.#lock.release();
    this.#leave?.();
  }

  async #closeGently(): Promise<void> {
    const { clock, options, logger } = this.#parts.scope;
    const browser = this.#client?.pupBrowser;
    if (!browser?.isConnected()) return;
    const onTimeout = (): GatewayError =>
      new GatewayError('timeout', 'The browser did not close in time; it is killed.');
    await withDeadline(() => browser.close(), {
      clock,
      ms: options.deadlines.closeMs,
      onTimeout,
    }).catch((error: unknown) => logger.warn('a browser had to be killed', { error }));
  }

  async #kill(): Promise<void> {
    const { scope, paths } = this.#parts;
    const { clock } = scope;
    const { left } = await killProfileUsers(paths.browserDir, { clock, group: this.#group });
    // Where processes cannot be listed, at least the browser itself is known. Not before: the
    // others would lose whom they belong to.
    this.#client?.pupBrowser?.process()?.kill('SIGKILL');
    if (left.length === 0) return;
    scope.logger.error('processes of a browser could not be killed', { count: left.length });
  }

  async #settled(): Promise<void> {
    const { clock, options } = this.#parts.scope;
    const initializing = this.#initializing;
    if (initializing === undefined) return;
    await withDeadline(() => initializing, {
      clock,
      ms: options.deadlines.closeMs,
      onTimeout: () => new GatewayError('timeout', 'The library did not end its start in time.'),
    }).catch(() => undefined);
  }

  #makeClient(library: Library, browser: FoundBrowser): LibraryClient {
    const { scope, paths, settings, hooks } = this.#parts;
    const { options } = scope;
    const auth = containedAuth(library, paths.dir, {
      onLaunch: () => this.#assertWanted(),
      onBrowser: () => this.#onBrowser(),
      onLoggedOut: () => this.wipeAfterwards(),
    });
    return containedClient(
      library,
      {
        authStrategy: auth,
        puppeteer: launchOptions(browser, options),
        webVersionCache: { type: 'none' },
        authTimeoutMs: options.deadlines.startMs,
        takeoverOnConflict: false,
        takeoverTimeoutMs: 0,
        evalOnNewDoc: attentionScript(),
        ...(settings.device_name === undefined ? {} : { deviceName: settings.device_name }),
        ...(settings.browser_name === undefined ? {} : { browserName: settings.browser_name }),
        ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
      },
      {
        onReinject: hooks.onReinject,
        onInjectFailed: (error) => hooks.onLost('The page was led elsewhere', error),
        // The events around it tell why; the browser is closed by whoever hears them.
        onDestroyWanted: () => undefined,
      },
    );
  }

  #onBrowser(): void {
    const { hooks } = this.#parts;
    const { pupBrowser, pupPage } = this.#client ?? {};
    // Puppeteer makes the browser the leader of a group of its own.
    const child = pupBrowser?.process();
    this.#group = child?.pid;
    // Puppeteer stops listening to its pipes when it closes them. What they say after that, of a
    // browser that died with something unread, would end this process.
    for (const stream of child?.stdio ?? []) stream?.on('error', () => undefined);
    pupBrowser?.on('disconnected', () => hooks.onLost('The browser ended'));
    pupPage?.on('error', (error) => hooks.onLost('The page crashed', error));
    pupPage?.on('close', () => hooks.onLost('The page was closed'));
    this.#assertWanted();
    hooks.onBrowser();
  }

  #assertWanted(): void {
    if (this.#closing === undefined) return;
    throw new GatewayError('shutting_down', 'The session was stopped while it started.');
  }
}
