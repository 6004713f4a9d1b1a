import type { ProviderContext, ProviderEvent } from '@blazz/core';
import { BrowserRun } from '../browser/browser-run';
import type { FoundBrowser } from '../browser/find-browser';
import type { RejectionGuard } from '../containment/rejection-guard';
import type { Library, LibraryClient, LibraryPage } from '../library/library-types';
import { type ResolvedOptions, withSettings } from '../options';
import { alternateIdsKey, shareAlternateIds } from '../page/alternate-ids';
import { attentionKey } from '../page/attention';
import { ownIds, samplePage } from '../page/health';
import { ProfileMemory } from '../profile/profile-memory';
import { profilePaths } from '../profile/profile-paths';
import { MediaLoader } from '../send/media-loader';
import { Reconciler } from '../send/reconciler';
import { Sender } from '../send/sender';
import type { WebjsSettings } from '../settings';
import { MemoryGuard } from '../watchdog/memory-guard';
import { Watchdog } from '../watchdog/watchdog';
import { CatchUp } from './catch-up';
import { Connection } from './connection';
import { type Ending, fullEnding, lostEnding } from './ending';
import { IdentityBook } from './identity-book';
import { Inbound } from './inbound';
import { handlers, listen } from './library-events';
import { MediaDownloader } from './media-downloader';
import { OutboundBook } from './outbound-book';
import { PageCalls } from './page-calls';
import { ReactionBook } from './reaction-book';
import type { SessionScope } from './session-scope';

/** What all sessions of one provider share. */
export interface SharedParts {
  /** The provider's options. */
  readonly options: ResolvedOptions;
  /** Contains what the library leaves uncaught. */
  readonly guard: RejectionGuard;
  /** whatsapp-web.js, loaded at the first call. */
  readonly library: () => Library;
  /** The browser, looked for at the first call. */
  readonly browser: () => Promise<FoundBrowser>;
}

/** What the parts of a session report to it. */
export interface SessionHooks {
  /** Reports an event. */
  readonly emit: (event: ProviderEvent) => void;
  /** Ends the run. */
  readonly end: (ending: Ending) => void;
  /** Events flow: the start is over. */
  readonly onFlow: () => void;
}

/** The parts of one session, wired to each other. */
export interface SessionParts {
  /** What the parts share. */
  readonly scope: SessionScope;
  /** The browser. */
  readonly run: BrowserRun;
  /** The page, once there is one. */
  readonly page: () => LibraryPage | undefined;
  /** Calls into the page. */
  readonly calls: PageCalls;
  /** The link to WhatsApp. */
  readonly connection: Connection;
  /** Looks at the page. */
  readonly watchdog: Watchdog;
  /** Measures the browser. */
  readonly memoryGuard: MemoryGuard;
  /** Reports what was missed. */
  readonly catchUp: CatchUp;
  /** What is remembered over restarts. */
  readonly memory: ProfileMemory;
  /** Sends. */
  readonly sender: Sender;
  /** Fetches media. */
  readonly downloader: MediaDownloader;
  /** Settles unknown sends. */
  readonly reconciler: Reconciler;
}

/** Makes and wires the parts of a session. Nothing runs yet. */
export function sessionParts(
  context: ProviderContext<WebjsSettings>,
  shared: SharedParts,
  hooks: SessionHooks,
): SessionParts {
  const { clock, logger, settings } = context;
  const options = withSettings(shared.options, settings);
  const scope: SessionScope = { options, clock, logger, emit: hooks.emit };
  const paths = profilePaths(options.sessionsDir, context.workspaceId, context.sessionId);
  let client: LibraryClient | undefined;
  let self: readonly string[] = [];
  let library: Library | undefined;
  const calls = new PageCalls(clock);
  const memory = new ProfileMemory({ paths, clock, logger, lookBackMs: options.catchUpMs });
  const book = new OutboundBook({ clock, emit: hooks.emit });
  const reactions = new ReactionBook();
  const identities = new IdentityBook();
  const inbound = new Inbound(scope, {
    book,
    reactions,
    self: () => self,
    identities,
    onSeen: (t) => memory.seen(t),
  });
  const catchUp = new CatchUp(scope, {
    calls,
    inbound,
    memory,
    retryMs: [1_500, 5_000, 10_000],
  });
  const connection = new Connection(scope, {
    calls,
    info: () => client?.info,
    end: hooks.end,
    nudge: () => watchdog.nudge(),
    onUnlinked: () => memory.unlinked(),
    onReady: () => {
      memory.linked();
      learnIds();
      catchUp.run();
    },
    onProgress: () => watchdog.progressed(),
    onFlow: () => {
      watchdog.booted();
      memoryGuard.start();
      hooks.onFlow();
    },
  });
  const watchdog = new Watchdog({
    clock,
    limits: options.watchdog,
    policy: { takeover: options.takeoverOnConflict, dismiss: options.dismissAnnouncements },
    observe: async () => {
      const { probeTimeoutMs } = options.watchdog;
      const sample = await calls.page(samplePage, [attentionKey], probeTimeoutMs);
      if (sample.state === 'CONNECTED') connection.onLoading(sample.percent);
      return { ...sample, ready: connection.ready };
    },
    onVerdict: (verdict) => connection.onVerdict(verdict),
  });
  const memoryGuard = new MemoryGuard({
    clock,
    limitBytes: options.maxBrowserBytes,
    probeMs: options.watchdog.memoryProbeMs,
    measure: () => run.memory(),
    isIdle: () => book.isIdle && reactions.isIdle,
    onFull: (bytes) => {
      const megabytes = Math.round(bytes / 1_000_000);
      logger.warn(`a browser takes too much memory and is replaced: ${megabytes} MB`);
      hooks.end(fullEnding());
    },
  });
  let strays = 0;
  const run = new BrowserRun({
    scope,
    paths,
    settings,
    guard: shared.guard,
    hooks: {
      onClient: (made) => {
        client = made;
        library = shared.library();
        calls.use(made);
        listen(made, handlers(connection, inbound), scope);
      },
      onBrowser: () => watchdog.start(),
      onReinject: () => connection.onReinject(),
      onLost: (what, cause) => hooks.end(lostEnding(what, cause)),
      onStray: (error) => {
        logger.warn('a rejection that whatsapp-web.js left uncaught was contained', {
          error,
          count: ++strays,
        });
        watchdog.nudge();
      },
    },
  });
  const downloader = new MediaDownloader(scope, calls);
  const sender = new Sender(scope, {
    calls,
    book,
    identities,
    reactions,
    media: new MediaLoader(scope, downloader),
    library: () => library,
    ready: () => connection.usable && !memoryGuard.isDraining,
  });
  const reconciler = new Reconciler(scope, { calls, book, self: () => self });

  /** Own ids tell own quotes and reactions; until they are known, those count as somebody else's. */
  function learnIds(): void {
    calls
      .page(ownIds, [], options.deadlines.callMs)
      .then((ids) => {
        self = ids;
      })
      .catch((error: unknown) => logger.debug('the own ids could not be read', { error }));
    calls
      .page(shareAlternateIds, [alternateIdsKey], options.deadlines.callMs)
      .then((pairs) => identities.learn(pairs))
      .catch((error: unknown) => logger.debug('numbers behind ids cannot be read', { error }));
  }

  const page = (): LibraryPage | undefined => client?.pupPage ?? undefined;
  return {
    scope,
    run,
    page,
    calls,
    connection,
    watchdog,
    memoryGuard,
    catchUp,
    memory,
    sender,
    downloader,
    reconciler,
  };
}
