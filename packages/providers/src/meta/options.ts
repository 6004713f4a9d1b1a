import { type Observer, type Pace, systemClock } from '@blazz/core';
import type { buildConnector } from 'undici';
import { type FetchMedia, mediaFetcher } from '../media/fetch-media';
import { defaultGraphVersion } from './graph/graph-versions';

/** How long things may take, in milliseconds. Each counts from the moment the step begins. */
export interface MetaDeadlines {
  /** For a connection to stand. Default 10 000. */
  readonly connectMs: number;
  /** For a send, from the call to the last byte of the answer; then the outcome is `unknown`. Default 30 000. */
  readonly sendMs: number;
  /** For any other call. Default 20 000. */
  readonly callMs: number;
  /** For fetching the media of a `link`. Default 60 000. */
  readonly fetchMs: number;
  /** For an upload. Default 120 000. */
  readonly uploadMs: number;
  /** For a download. Default 120 000. */
  readonly downloadMs: number;
}

/** What {@link metaProvider} can be told. Everything has a default. */
export interface MetaOptions {
  /** Deadlines that differ from their defaults. */
  readonly deadlines?: Partial<MetaDeadlines>;
  /** How many recipients a session sends to at once, and how sends are spaced. Default: 32, unspaced; Meta's own limits are kept besides. */
  readonly pace?: Partial<Pace>;
  /** How many connections to Graph at most, shared by all sessions. Default 128. */
  readonly connections?: number;
  /**
   * Which links are fetched here and uploaded, instead of being passed on for Meta to fetch. `data`:
   * `data:` links, and addresses that Meta cannot reach because they are not public. `all`: every
   * link. Default `data`.
   */
  readonly uploadLinks?: 'data' | 'all';
  /** Hosts, IP addresses and networks that media links may name although they are not public. Default: none. */
  readonly mediaAllow?: readonly string[];
  /** Fetches the media of a `link` that is uploaded. Default: `mediaFetcher` with the two limits here. */
  readonly fetchMedia?: FetchMedia;
  /** The largest media that is fetched, or downloaded, in bytes. Default 100 MiB, which is Meta's own limit. */
  readonly maxMediaBytes?: number;
  /** How long the list of templates is believed, in milliseconds. Default 600 000. */
  readonly templatesMs?: number;
  /** Told of refusals, limits and what they hold, for metrics. Default: nobody. */
  readonly observer?: Pick<Observer, 'limitChanged' | 'platformRefused' | 'sendHeld'>;
  /** The Graph version of workspaces that name none, such as `v26.0`. Default: `v25.0`. */
  readonly graphVersion?: string;
  /** Today, in milliseconds since 1970: new settings that name an expired Graph version are refused. Default: the machine's. */
  readonly now?: () => number;
  /** Makes connections to Graph. Default: undici's connector. */
  readonly connect?: buildConnector.connector;
}

/** {@link MetaOptions} with every default filled in. */
export interface ResolvedOptions
  extends Required<Omit<MetaOptions, 'deadlines' | 'pace' | 'mediaAllow' | 'connect'>> {
  /** Deadlines. */
  readonly deadlines: MetaDeadlines;
  /** How fast sessions send. */
  readonly pace: Pace;
  /** Makes connections to Graph, if one was given. */
  readonly connect: buildConnector.connector | undefined;
}

const deadlines: MetaDeadlines = {
  connectMs: 10_000,
  sendMs: 30_000,
  callMs: 20_000,
  fetchMs: 60_000,
  uploadMs: 120_000,
  downloadMs: 120_000,
};

/**
 * Fills in the defaults.
 * @throws GatewayError `invalid_config` when `mediaAllow` is malformed
 */
export function resolveOptions(options: MetaOptions): ResolvedOptions {
  const maxMediaBytes = options.maxMediaBytes ?? 100 * 1024 * 1024;
  return {
    deadlines: { ...deadlines, ...options.deadlines },
    pace: { concurrency: 32, intervalMs: 0, jitter: 0, ...options.pace },
    connections: options.connections ?? 128,
    uploadLinks: options.uploadLinks ?? 'data',
    fetchMedia:
      options.fetchMedia ?? mediaFetcher({ maxBytes: maxMediaBytes, allow: options.mediaAllow }),
    maxMediaBytes,
    templatesMs: options.templatesMs ?? 600_000,
    observer: options.observer ?? {},
    graphVersion: options.graphVersion ?? defaultGraphVersion,
    now: options.now ?? systemClock.now,
    connect: options.connect,
  };
}
