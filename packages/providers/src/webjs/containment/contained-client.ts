import type { Library, LibraryClient, LibraryClientOptions } from '../library/library-types';

/** What a contained client tells. */
export interface ContainedClientHooks {
  /** The page was navigated or reloaded: the library begins anew in it. */
  readonly onReinject: () => void;
  /** A later injection, after a navigation, failed: the page is lost to the library. */
  readonly onInjectFailed: (error: unknown) => void;
  /** The library wants the browser closed because WhatsApp ended the session. */
  readonly onDestroyWanted: () => void;
}

/**
 * A client of whatsapp-web.js whose faults stay where they can be handled. Three methods are
 * overridden; see docs/decisions/webjs-containment.md.
 */
export function containedClient(
  library: Library,
  options: LibraryClientOptions,
  hooks: ContainedClientHooks,
): LibraryClient {
  class ContainedClient extends library.Client {
    #injected = false;

    /** The first call comes from `initialize`, which reports; later ones come from an event. */
    override async inject(): Promise<void> {
      if (!this.#injected) {
        this.#injected = true;
        return super.inject();
      }
      hooks.onReinject();
      try {
        await super.inject();
      } catch (error) {
        hooks.onInjectFailed(error);
      }
    }

    /** Its page listener reads bodies of responses uncaught, and the cache is not used. */
    override async initWebVersionCache(): Promise<void> {}

    /** Called unawaited and uncaught; the browser is closed by its owner, under a deadline. */
    override async destroy(): Promise<void> {
      hooks.onDestroyWanted();
    }
  }
  return new ContainedClient(options);
}
