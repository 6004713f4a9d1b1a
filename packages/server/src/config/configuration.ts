/** Everything that the environment decides, checked. */
export interface Configuration {
  /** The TCP port that the server listens on; 0 takes any free one. */
  readonly port: number;
  /** The address that the server listens on. */
  readonly host: string;
  /** The primary application's address. */
  readonly primaryUrl: string | undefined;
  /** The static bearer token that the primary application may use instead of signing. */
  readonly internalApiToken: string | undefined;
  /** The static bearer token that may read `/metrics` and nothing else. */
  readonly metricsToken: string | undefined;
  /** The version of Meta's Graph API. */
  readonly metaApiVersion: string;
  /** Whether Chromium runs without a window. */
  readonly webJsHeadless: boolean;
  /** The Chromium to use; found by itself when left out. */
  readonly chromePath: string | undefined;
  /** Whether Chromium keeps its own sandbox; everywhere but as root when left out. */
  readonly browserSandbox: boolean | undefined;
  /** What media links may name although it is not public. */
  readonly mediaAllow: readonly string[] | undefined;
  /** What webhook endpoints may have although it is not public. */
  readonly webhookAllow: readonly string[] | undefined;
  /** How long settled messages are kept, in days. */
  readonly keepMessagesDays: number;
  /** How long events are kept, in days. */
  readonly keepEventsDays: number;
  /** How many events of each workspace are kept at most. */
  readonly keepEvents: number;
  /** How long the place of a named reader that is not seen any more is kept, in days. */
  readonly keepConsumersDays: number;
  /** Where Redis is. */
  readonly redisUrl: string | undefined;
  /** Where state lives. */
  readonly storage: StorageType;
  /** The folder of browser profiles; inside the data folder when left out. */
  readonly sessionsDir: string | undefined;
  /** The folder of keys and everything else that the server keeps. */
  readonly dataDir: string;
  /** A JSON file with the list of workspaces. */
  readonly workspacesFile: string | undefined;
  /** The authorities (`host` or `host:port`) that signed requests may name; any when left out. */
  readonly authorities: readonly string[] | undefined;
  /** The least serious log line that is written. */
  readonly logLevel: LogLevel;
  /** How log lines look. */
  readonly logFormat: LogFormat;
  /** Whether the simulated WhatsApp runs; `auto` runs it when no workspace is configured. */
  readonly sandbox: SandboxMode;
  /** Whether profiles that another machine has locked are taken over. */
  readonly takeProfiles: boolean;
  /** How many sessions may be starting at once. */
  readonly maxStarts: number;
  /** How much memory the browser of a session may take, in megabytes, if that is limited. */
  readonly sessionMemoryMb?: number | undefined;
  /** How long a graceful stop may take, in seconds. */
  readonly stopSeconds: number;
}

/** Where state lives. */
type StorageType = 'memory' | 'sqlite' | 'redis';

/** How serious a log line is. */
type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** How log lines look: JSON for machines, text for people, or whichever standard output is. */
type LogFormat = 'auto' | 'json' | 'text';

/** Whether the simulated WhatsApp runs. */
type SandboxMode = 'auto' | 'true' | 'false';
