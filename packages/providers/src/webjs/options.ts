import { hostname } from 'node:os';
import { GatewayError, type Pace } from '@blazz/core';
import { type FetchMedia, mediaFetcher } from '../media/fetch-media';
import type { WebjsSettings } from './settings';
import type { WatchdogLimits } from './watchdog/watchdog';

/** How long things may take, in milliseconds. Each counts from the moment the step begins. */
export interface WebjsDeadlines {
  /** From the start to the first QR, or until WhatsApp's chats begin to load. Default 90 000. */
  readonly startMs: number;
  /** Until whatsapp-web.js handed a message to the page. Default 30 000. */
  readonly sendMs: number;
  /** Added to that per megabyte of media. Default 1 000. */
  readonly sendPerMegabyteMs: number;
  /** From there to WhatsApp's acknowledgement; then the outcome is `unknown`. Default 20 000. */
  readonly ackMs: number;
  /** Fetching the media of a `link`. Default 60 000. */
  readonly fetchMs: number;
  /** Any other call into the page. Default 15 000. */
  readonly callMs: number;
  /** A media download. Default 60 000. */
  readonly downloadMs: number;
  /** For the browser to write and close; then its processes are killed. Default 8 000. */
  readonly closeMs: number;
}

/** What {@link webjsProvider} can be told. Only `sessionsDir` has no default. */
export interface WebjsOptions {
  /** Where browser profiles live: `{sessionsDir}/workspace_{workspaceId}/{sessionId}/`. Keep it: it holds the links. */
  readonly sessionsDir: string;
  /** Path of the browser. Default: looked for, see the package's README. */
  readonly browserPath?: string;
  /** Whether the browser shows no window. Default true. */
  readonly headless?: boolean;
  /** Further command-line arguments for the browser. Default none. */
  readonly extraBrowserArgs?: readonly string[];
  /** Whether the browser runs without its sandbox. Default: only as root, where it cannot have one; it is logged. */
  readonly noSandbox?: boolean;
  /** Deadlines that differ from their defaults. */
  readonly deadlines?: Partial<WebjsDeadlines>;
  /** Watchdog limits that differ from their defaults, see {@link WatchdogLimits}. */
  readonly watchdog?: Partial<WatchdogLimits>;
  /** How fast sessions send. Default: one recipient at a time, one message per 1 000 ms, varied by 0.3. */
  readonly pace?: Partial<Pace>;
  /**
   * Hosts, IP addresses and networks that media links may name although they are not public, such
   * as `media.internal` and `10.1.0.0/16`. Default: none.
   */
  readonly mediaAllow?: readonly string[];
  /** Fetches the media of a `link`. Default: `mediaFetcher` with the two limits here. */
  readonly fetchMedia?: FetchMedia;
  /** The largest media that is sent or downloaded, in bytes. Default 64 MiB: all of it passes through the browser's pipe. */
  readonly maxMediaBytes?: number;
  /**
   * How much memory a session's browser may take, in bytes, each process with its share of what it
   * shares (PSS, on Linux). One that takes more twice in a row is replaced between two sends, without a QR.
   * Default: no limit.
   */
  readonly maxBrowserBytes?: number;
  /** Whether inbound messages carry the page's own model. Default false. */
  readonly includeRaw?: boolean;
  /** Whether to take the account back when WhatsApp Web is opened elsewhere. Default false: a person decides. */
  readonly takeoverOnConflict?: boolean;
  /**
   * Whether a dialogue with one button and nothing to choose or to agree to is dismissed by pressing
   * it. Default false: it is reported, as every other, and a person decides.
   */
  readonly dismissAnnouncements?: boolean;
  /** Whether a send marks the chat as read first. Default false. */
  readonly sendSeen?: boolean;
  /** Whether status updates of contacts are told as messages. Default false. */
  readonly includeStatus?: boolean;
  /** Whether posts of channels that the account follows are told as messages. Default false. */
  readonly includeNewsletters?: boolean;
  /** Whether the caller holds a lease on every session it starts, so that another machine's lock on a profile is void. Default false. */
  readonly leaseHeld?: boolean;
  /** This machine's name in locks. Default: the operating system's. */
  readonly host?: string;
  /** The browser's user agent. Default: whatsapp-web.js' own. */
  readonly userAgent?: string;
  /** How far back the first catch-up of a restored session looks when nothing is known of it, in milliseconds. Default 86 400 000. */
  readonly catchUpMs?: number;
}

/** {@link WebjsOptions} with every default filled in. */
export interface ResolvedOptions
  extends Required<
    Omit<
      WebjsOptions,
      | 'browserPath'
      | 'userAgent'
      | 'maxBrowserBytes'
      | 'deadlines'
      | 'watchdog'
      | 'pace'
      | 'mediaAllow'
    >
  > {
  /** Path of the browser, if one was given. */
  readonly browserPath: string | undefined;
  /** The browser's user agent, if one was given. */
  readonly userAgent: string | undefined;
  /** How much memory a browser may take, if that is limited. */
  readonly maxBrowserBytes: number | undefined;
  /** Deadlines. */
  readonly deadlines: WebjsDeadlines;
  /** Watchdog limits. */
  readonly watchdog: WatchdogLimits;
  /** How fast sessions send. */
  readonly pace: Pace;
}

const deadlines: WebjsDeadlines = {
  startMs: 90_000,
  sendMs: 30_000,
  sendPerMegabyteMs: 1_000,
  ackMs: 20_000,
  fetchMs: 60_000,
  callMs: 15_000,
  downloadMs: 60_000,
  closeMs: 8_000,
};

const watchdog: WatchdogLimits = {
  probeMs: 10_000,
  eagerProbeMs: 500,
  probeTimeoutMs: 4_000,
  missedProbes: 2,
  kickMs: 1_500,
  connectingMs: 60_000,
  syncingMs: 120_000,
  pairingMs: 300_000,
  attentionMs: 5_000,
  memoryProbeMs: 60_000,
};

/**
 * Fills in the defaults.
 * @throws GatewayError `invalid_config`, naming the option and the fix
 */
export function resolveOptions(options: WebjsOptions): ResolvedOptions {
  const { sessionsDir, maxMediaBytes = 64 * 1024 * 1024 } = options;
  if (typeof sessionsDir !== 'string' || sessionsDir === '') {
    throw new GatewayError(
      'invalid_config',
      'webjsProvider needs sessionsDir, a folder that survives restarts.',
      { details: { field: 'sessionsDir' } },
    );
  }
  const resolved: ResolvedOptions = {
    sessionsDir,
    browserPath: options.browserPath,
    headless: options.headless ?? true,
    extraBrowserArgs: options.extraBrowserArgs ?? [],
    noSandbox: options.noSandbox ?? process.getuid?.() === 0,
    deadlines: { ...deadlines, ...options.deadlines },
    watchdog: { ...watchdog, ...options.watchdog },
    pace: { concurrency: 1, intervalMs: 1_000, jitter: 0.3, ...options.pace },
    fetchMedia:
      options.fetchMedia ?? mediaFetcher({ maxBytes: maxMediaBytes, allow: options.mediaAllow }),
    maxMediaBytes,
    maxBrowserBytes: options.maxBrowserBytes,
    includeRaw: options.includeRaw ?? false,
    takeoverOnConflict: options.takeoverOnConflict ?? false,
    dismissAnnouncements: options.dismissAnnouncements ?? false,
    sendSeen: options.sendSeen ?? false,
    includeStatus: options.includeStatus ?? false,
    includeNewsletters: options.includeNewsletters ?? false,
    leaseHeld: options.leaseHeld ?? false,
    host: options.host ?? hostname(),
    userAgent: options.userAgent,
    catchUpMs: options.catchUpMs ?? 86_400_000,
  };
  positive('deadlines', resolved.deadlines);
  positive('watchdog', resolved.watchdog);
  const { maxBrowserBytes = 1, catchUpMs } = resolved;
  positive('options', { maxMediaBytes, maxBrowserBytes, catchUpMs });
  return resolved;
}

function positive(group: string, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) continue;
    throw new GatewayError(
      'invalid_config',
      `${group === 'options' ? '' : `${group}.`}${name} must be a number greater than 0.`,
      { details: { field: name } },
    );
  }
}

/** The options of one workspace: its settings count more than the provider's own. */
export function withSettings(options: ResolvedOptions, settings: WebjsSettings): ResolvedOptions {
  return {
    ...options,
    sendSeen: settings.send_seen ?? options.sendSeen,
    takeoverOnConflict: settings.takeover_on_conflict ?? options.takeoverOnConflict,
    dismissAnnouncements: settings.dismiss_announcements ?? options.dismissAnnouncements,
    includeRaw: settings.include_raw ?? options.includeRaw,
    pace: { ...options.pace, intervalMs: settings.interval_ms ?? options.pace.intervalMs },
  };
}
