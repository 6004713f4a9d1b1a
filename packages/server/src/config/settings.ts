import type { Configuration } from './configuration';
import { address, listOf, matching, oneOf, path, type Shape, wholeNumber, yesOrNo } from './shape';
import { token } from './token';

/** One environment variable: its names, shape, default and meaning. */
export interface Setting<T> {
  /** The variable's names; the first that is set counts. */
  readonly names: readonly [string, ...string[]];
  /** What its value may look like. */
  readonly shape: Shape<NonNullable<T>>;
  /** What holds when it is not set. */
  readonly fallback: T;
  /** What it decides, in one sentence. */
  readonly doc: string;
  /** Why a well-formed value cannot be used yet, as a sentence; `undefined` when it can. */
  readonly unavailable?: (value: NonNullable<T>) => string | undefined;
}

/** A setting for every field of {@link Configuration}. */
export type SettingTable = { readonly [K in keyof Configuration]-?: Setting<Configuration[K]> };

const host = matching(/^[A-Za-z0-9.:_-]{1,253}$/, 'an IP address or host name', '127.0.0.1');
const authority = matching(
  /^[A-Za-z0-9._~[\]:-]{1,261}$/,
  'a host or host:port',
  'gateway.internal:3001',
);
const network = matching(
  /^[A-Za-z0-9._:/-]{1,128}$/,
  'a host, an IP address or a network',
  'media.internal,10.1.0.0/16',
);
const version = matching(/^v[1-9][0-9]\.0$/, 'a version like v25.0', 'v25.0');
const web = ['http:', 'https:'];

/** Every environment variable that the server reads. The documentation is made of this table. */
export const settings: SettingTable = {
  port: {
    names: ['PORT'],
    shape: wholeNumber(0, 65_535),
    fallback: 3001,
    doc: 'The TCP port that the server listens on; 0 takes any free one.',
  },
  host: {
    names: ['HOST'],
    shape: host,
    fallback: '127.0.0.1',
    doc: 'The address that the server listens on; 0.0.0.0 opens it to the network.',
  },
  primaryUrl: {
    names: ['PRIMARY_URL', 'LARAVEL_URL'],
    shape: address(web, 'http://localhost:8000'),
    fallback: undefined,
    doc: 'The primary application, asked for the configuration of workspaces that are not known otherwise.',
  },
  internalApiToken: {
    names: ['INTERNAL_API_TOKEN'],
    shape: token,
    fallback: undefined,
    doc: 'A static bearer token for clients that cannot sign requests. Weaker than signing.',
  },
  metricsToken: {
    names: ['BLAZZ_METRICS_TOKEN'],
    shape: token,
    fallback: undefined,
    doc: 'A static bearer token that may read /metrics and nothing else, for Prometheus.',
  },
  metaApiVersion: {
    names: ['META_API_VERSION'],
    shape: version,
    fallback: 'v25.0',
    doc: "The version of Meta's Graph API.",
  },
  webJsHeadless: {
    names: ['WEB_JS_HEADLESS'],
    shape: yesOrNo,
    fallback: true,
    doc: 'Whether Chromium runs without a window.',
  },
  chromePath: {
    names: ['PUPPETEER_EXECUTABLE_PATH', 'CHROME_PATH'],
    shape: path('/usr/bin/chromium'),
    fallback: undefined,
    doc: 'The Chromium to use; found by itself when left out.',
  },
  browserSandbox: {
    names: ['BLAZZ_BROWSER_SANDBOX'],
    shape: yesOrNo,
    fallback: undefined,
    doc: 'Whether Chromium keeps its own sandbox. Default: yes, except as root, where it cannot. A container that may not make namespaces needs false.',
  },
  mediaAllow: {
    names: ['BLAZZ_MEDIA_ALLOW'],
    shape: listOf(network, 'hosts, IP addresses and networks'),
    fallback: undefined,
    doc: 'Hosts, IP addresses and networks that media links may name although they are not public.',
  },
  webhookAllow: {
    names: ['BLAZZ_WEBHOOK_ALLOW'],
    shape: listOf(network, 'hosts, IP addresses and networks'),
    fallback: undefined,
    doc: 'Hosts, IP addresses and networks that webhook endpoints may have although they are not public; http: is taken for them too.',
  },
  keepMessagesDays: {
    names: ['BLAZZ_KEEP_MESSAGES_DAYS'],
    shape: wholeNumber(1, 3_650),
    fallback: 7,
    doc: 'How long settled messages are kept, in days. Queued and unknown ones stay.',
  },
  keepEventsDays: {
    names: ['BLAZZ_KEEP_EVENTS_DAYS'],
    shape: wholeNumber(1, 3_650),
    fallback: 30,
    doc: 'How long events are kept, in days. A reader that comes later is told of a gap.',
  },
  keepEvents: {
    names: ['BLAZZ_KEEP_EVENTS'],
    shape: wholeNumber(1_000, 100_000_000),
    fallback: 100_000,
    doc: 'How many events of each workspace are kept at most.',
  },
  keepConsumersDays: {
    names: ['BLAZZ_KEEP_CONSUMERS_DAYS'],
    shape: wholeNumber(1, 3_650),
    fallback: 30,
    doc: 'How long the place of a named reader of events that is not seen any more is kept, in days.',
  },
  redisUrl: {
    names: ['REDIS_URL'],
    shape: address(['redis:', 'rediss:'], 'redis://localhost:6379', true),
    fallback: undefined,
    doc: 'Where Redis is. Read only when SESSION_STORAGE_TYPE is redis.',
  },
  storage: {
    names: ['SESSION_STORAGE_TYPE'],
    shape: oneOf(['memory', 'sqlite', 'redis']),
    fallback: 'sqlite',
    doc: 'Where messages, events and sessions are kept. sqlite: one file in the data folder, durable on every answer. memory loses everything when the process ends.',
    unavailable: (value) =>
      value === 'redis'
        ? '"redis" is not available yet in this version. Use SESSION_STORAGE_TYPE=sqlite, or leave it out.'
        : undefined,
  },
  sessionsDir: {
    names: ['SESSIONS_DIR'],
    shape: path('/var/lib/blazz/sessions'),
    fallback: undefined,
    doc: 'The folder of browser profiles. Default: sessions, inside the data folder.',
  },
  dataDir: {
    names: ['BLAZZ_DATA_DIR'],
    shape: path('/var/lib/blazz'),
    fallback: '.blazz',
    doc: 'The folder of keys and everything else that the server keeps.',
  },
  workspacesFile: {
    names: ['BLAZZ_WORKSPACES_FILE'],
    shape: path('/etc/blazz/workspaces.json'),
    fallback: undefined,
    doc: 'A JSON file with the list of workspaces: [{"workspace_id": "…", "provider_type": "web_js"}].',
  },
  authorities: {
    names: ['BLAZZ_AUTHORITIES'],
    shape: listOf(authority, 'hosts or host:port pairs'),
    fallback: undefined,
    doc: 'The authorities that signed requests may name. Any when left out.',
  },
  logLevel: {
    names: ['LOG_LEVEL'],
    shape: oneOf(['info', 'debug', 'warn', 'error', 'silent']),
    fallback: 'info',
    doc: 'The least serious log line that is written.',
  },
  logFormat: {
    names: ['BLAZZ_LOG_FORMAT'],
    shape: oneOf(['auto', 'json', 'text']),
    fallback: 'auto',
    doc: 'JSON for machines, text for people; auto is text on a terminal.',
  },
  sandbox: {
    names: ['BLAZZ_SANDBOX'],
    shape: oneOf(['auto', 'true', 'false']),
    fallback: 'auto',
    doc: 'Whether the simulated WhatsApp runs; auto runs it when no workspace is configured.',
  },
  takeProfiles: {
    names: ['BLAZZ_TAKE_PROFILES'],
    shape: yesOrNo,
    fallback: false,
    doc: 'Whether browser profiles that another machine has locked are taken over. Only when that machine is gone for good, such as a container that was replaced under another host name.',
  },
  maxStarts: {
    names: ['BLAZZ_MAX_STARTS'],
    shape: wholeNumber(1, 64),
    fallback: 2,
    doc: 'How many sessions may be starting at once; each start is a Chromium at full load.',
  },
  sessionMemoryMb: {
    names: ['BLAZZ_SESSION_MEMORY_MB'],
    shape: wholeNumber(300, 100_000),
    fallback: undefined,
    doc: 'How much memory the browser of a session may take, in megabytes; one that takes more is replaced between two sends, without a QR. No limit when left out.',
  },
  stopSeconds: {
    names: ['BLAZZ_STOP_SECONDS'],
    shape: wholeNumber(1, 600),
    fallback: 30,
    doc: 'How long a graceful stop may take, in seconds, before it is cut short.',
  },
};
