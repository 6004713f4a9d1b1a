import { join } from 'node:path';
import {
  firstOf,
  Gateway,
  type Logger,
  type ProviderFactory,
  type Store,
  staticWorkspaces,
  systemClock,
  type WorkspaceConfig,
  type WorkspaceSource,
} from '@blazz/core';
import { assertRunnable } from '@blazz/core/adapters';
import { KeyRing } from '@blazz/core/signing';
import type { Configuration } from '../config/configuration';
import { scopes } from '../http/scope';
import { type KeyFile, readOrCreateKeyFile } from '../keys/key-file';
import { ServerMetrics } from '../metrics/server-metrics';
import { createServer, type GatewayServer } from '../server';
import { undiciTransport } from '../webhooks/undici-transport';
import { announcement } from './announce';
import { listenError } from './listen-error';
import { makeProviders } from './make-providers';
import { openStore } from './open-store';
import { primaryWorkspaces } from './primary-workspaces';
import { readWorkspaces } from './read-workspaces';
import { Sandbox, sandboxWorkspaces } from './sandbox/sandbox';
import { assertAlone, noteAddress } from './server-file';

const DAY_MS = 24 * 3_600_000;

/** A running instance. */
export interface RunningInstance {
  /** Where it listens. */
  readonly url: string;
  /** Stops it: readiness off, intake off, sends in flight finished, sockets closed. */
  stop(): Promise<void>;
}

/**
 * Composes an instance from the configuration and starts it. What was started before a failure is
 * stopped again.
 * @param print writes to the terminal
 * @throws GatewayError `invalid_config` and others, each with the fix
 */
export async function runInstance(
  configuration: Configuration,
  logger: Logger,
  print: (text: string) => void,
): Promise<RunningInstance> {
  const undo: (() => Promise<void>)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => logger.error('a part did not stop', { error }));
    }
  };
  try {
    return await compose(configuration, logger, print, undo, unwind);
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function compose(
  configuration: Configuration,
  logger: Logger,
  print: (text: string) => void,
  undo: (() => Promise<void>)[],
  unwind: () => Promise<void>,
): Promise<RunningInstance> {
  const { dataDir, port, host } = configuration;
  const keyPath = join(dataDir, 'keys.json');
  const keys = await readOrCreateKeyFile(keyPath);
  await assertAlone(dataDir, keys.instanceId);
  const metrics = new ServerMetrics();
  // Taken away last: until then the folder is this server's.
  let forgetAddress = async (): Promise<void> => undefined;
  undo.push(() => forgetAddress());

  const sandbox = wantsSandbox(configuration) ? new Sandbox(dataDir, print) : undefined;
  if (sandbox !== undefined) {
    undo.push(() => sandbox.stop());
    await sandbox.start();
  }

  const store = openStore(configuration);
  const providers = makeProviders({
    configuration,
    sessionsDir: configuration.sessionsDir ?? join(dataDir, 'sessions'),
    browserArgs: sandbox?.browserArgs ?? [],
    observer: metrics.observer,
  });
  const gateway = new Gateway({
    store,
    webhooks: undiciTransport({ allow: configuration.webhookAllow }),
    providers,
    workspaces: await workspacesOf({ configuration, keys, store, providers, logger, sandbox }),
    instanceId: keys.instanceId,
    maxStartsAtOnce: configuration.maxStarts,
    retention: {
      messagesMs: configuration.keepMessagesDays * DAY_MS,
      eventsMs: configuration.keepEventsDays * DAY_MS,
      eventsPerWorkspace: configuration.keepEvents,
      consumersMs: configuration.keepConsumersDays * DAY_MS,
    },
    logger,
    observer: metrics.observer,
  });
  let open = false;
  const server = createServer({
    gateway,
    isReady: () => open,
    keys: new KeyRing(keys.keys),
    bearers: bearersOf(configuration),
    authorities: configuration.authorities,
    instanceId: keys.instanceId,
    host,
    port,
    metrics,
    logger,
  });
  undo.push(() => server.stop());
  // The port first: it is what fails most often, and before a browser has been started.
  await server.start().catch((error: unknown) => {
    throw listenError(error, host, port);
  });
  undo.push(() => gateway.stop());
  await gateway.start();
  open = true;
  const url = server.address ?? '';
  forgetAddress = await noteAddress(dataDir, url);
  print(announcementOf(url, keyPath, keys, gateway, sandbox));
  const pairing = new AbortController();
  sandbox?.open(url, gateway, logger, pairing.signal).catch((error: unknown) => {
    if (!pairing.signal.aborted) logger.error('the sandbox session did not start', { error });
  });
  return { url, stop: stopper(server, pairing, unwind) };
}

function stopper(
  server: GatewayServer,
  pairing: AbortController,
  unwind: () => Promise<void>,
): () => Promise<void> {
  return async () => {
    server.drain();
    pairing.abort();
    await unwind();
  };
}

/** The sandbox is for those who configured nothing yet: it never stands beside real workspaces. */
function wantsSandbox({ sandbox, workspacesFile, primaryUrl }: Configuration): boolean {
  if (sandbox !== 'auto') return sandbox === 'true';
  return workspacesFile === undefined && primaryUrl === undefined;
}

async function workspacesOf({
  configuration,
  keys,
  store,
  providers,
  logger,
  sandbox,
}: {
  readonly configuration: Configuration;
  readonly keys: KeyFile;
  readonly store: Store;
  readonly providers: readonly ProviderFactory[];
  readonly logger: Logger;
  readonly sandbox: Sandbox | undefined;
}): Promise<WorkspaceSource> {
  const { workspacesFile, primaryUrl, internalApiToken: token } = configuration;
  const sources: WorkspaceSource[] = [];
  if (sandbox !== undefined) sources.push(sandbox.workspaces);
  if (workspacesFile !== undefined) sources.push(await readWorkspaces(workspacesFile));
  const [key] = keys.keys;
  if (primaryUrl !== undefined && key !== undefined) {
    const signing = { keyId: key.id, secret: key.secret };
    const byType = new Map(providers.map((factory) => [factory.type, factory]));
    const check = (config: WorkspaceConfig): void => assertRunnable(config, byType);
    const time = { clock: systemClock, random: Math.random };
    const shared = { copies: store.workspaces, check, logger, ...time };
    sources.push(primaryWorkspaces({ url: primaryUrl, key: signing, token, ...shared }));
  }
  return sources.length === 0 ? staticWorkspaces([]) : firstOf(sources);
}

function bearersOf({
  internalApiToken,
  metricsToken,
}: Configuration): Parameters<typeof createServer>[0]['bearers'] {
  return [
    ...(internalApiToken === undefined
      ? []
      : [{ id: 'internal-api-token', token: internalApiToken, scopes, workspaces: '*' as const }]),
    ...(metricsToken === undefined
      ? []
      : [
          {
            id: 'metrics-token',
            token: metricsToken,
            scopes: ['metrics' as const],
            workspaces: [],
          },
        ]),
  ];
}

function announcementOf(
  url: string,
  keyFile: string,
  keys: KeyFile,
  gateway: Gateway,
  sandbox: Sandbox | undefined,
): string {
  return announcement({
    url,
    keyFile,
    keysCreated: keys.created,
    durable: gateway.store.durability !== 'process',
    workspaces: sandbox === undefined ? undefined : sandboxWorkspaces,
    phoneUrl: sandbox?.phoneUrl,
    customerCommand: sandbox?.customerCommand,
    command: 'npx blazz',
  });
}
