import { GatewayError } from '@blazz/core';

/** The version that is spoken when a workspace names none. */
export const defaultGraphVersion = 'v25.0';

/** How long before a version ends it is warned of, in milliseconds: 180 days. */
const versionWarningMs = 180 * 86_400_000;

/** The day on which each version stops answering, UTC; undefined while Meta has not said. */
const ends: Readonly<Record<string, string | undefined>> = {
  'v18.0': '2026-01-26',
  'v19.0': '2026-05-21',
  'v20.0': '2026-09-24',
  'v21.0': '2027-01-21',
  'v22.0': '2027-05-20',
  'v23.0': '2027-10-08',
  'v24.0': '2028-02-18',
  'v25.0': '2028-07-29',
  'v26.0': undefined,
};

const oldest = 18;

/** What is known about a Graph version. */
export interface VersionStanding {
  /** Whether it still answers; `ending` within 180 days. */
  readonly state: 'good' | 'ending' | 'expired';
  /** Its last day, `YYYY-MM-DD`, when that is known. */
  readonly endsOn?: string;
}

/** Where a version stands at a moment, in milliseconds since 1970. One newer than the table is good. */
export function standingOf(version: string, now: number): VersionStanding {
  if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) < oldest) return { state: 'expired' };
  const endsOn = ends[version];
  if (endsOn === undefined) return { state: 'good' };
  const left = Date.parse(endsOn) - now;
  return { state: left <= 0 ? 'expired' : left < versionWarningMs ? 'ending' : 'good', endsOn };
}

/** What settings say of the Graph version. */
export interface VersionSettings {
  /** The version, such as `v25.0`. */
  readonly graph_version: string;
  /** Whether one that has expired is spoken all the same. */
  readonly allow_expired_version: boolean;
}

/**
 * Refuses a version that no longer answers, unless the settings allow it.
 * @param now milliseconds since 1970
 * @throws GatewayError `invalid_config`
 */
export function assertNotExpired(settings: VersionSettings, now: number): void {
  const version = settings.graph_version;
  const { state, endsOn } = standingOf(version, now);
  if (state !== 'expired' || settings.allow_expired_version) return;
  const since = endsOn === undefined ? 'long ago' : `on ${endsOn}`;
  throw new GatewayError(
    'invalid_config',
    `graph_version ${version} expired ${since}; set ${defaultGraphVersion}, or allow_expired_version to use it all the same.`,
    { details: { field: 'graph_version' } },
  );
}
