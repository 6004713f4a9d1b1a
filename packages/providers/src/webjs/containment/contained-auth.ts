import type { Library, LibraryAuth } from '../library/library-types';

/** What a contained auth strategy tells. */
export interface ContainedAuthHooks {
  /** About to start a browser. Throws when none is wanted any more. */
  readonly onLaunch: () => void;
  /** The browser and its page stand; nothing is loaded yet. */
  readonly onBrowser: () => void;
  /** WhatsApp ended the link: the credentials are void. */
  readonly onLoggedOut: () => void;
}

/**
 * Credentials in a folder, as the library's own LocalAuth keeps them, except that a log-out does
 * not delete the profile under the running browser: it only tells, and the owner deletes once the
 * browser is gone.
 */
export function containedAuth(
  library: Library,
  dataPath: string,
  hooks: ContainedAuthHooks,
): LibraryAuth {
  class ContainedAuth extends library.LocalAuth {
    override async beforeBrowserInitialized(): Promise<void> {
      hooks.onLaunch();
      await super.beforeBrowserInitialized();
    }

    override async afterBrowserInitialized(): Promise<void> {
      hooks.onBrowser();
    }

    override async logout(): Promise<void> {
      hooks.onLoggedOut();
    }
  }
  return new ContainedAuth({ dataPath });
}
