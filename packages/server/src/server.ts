import type { AddressInfo } from 'node:net';
import { type Clock, type Gateway, type Logger, silentLogger, systemClock } from '@blazz/core';
import { type KeyRing, ReplayGuard, Verifier } from '@blazz/core/signing';
import type { FastifyInstance } from 'fastify';
import { allowedMethods } from './http/allowed-methods';
import { createApp } from './http/app';
import { Authenticator } from './http/authenticate';
import { type BearerOptions, Bearers } from './http/bearer';
import { registerDocs } from './http/docs';
import { registerRoute } from './http/register-route';
import { ServerMetrics } from './metrics/server-metrics';
import type { Route } from './routes/route';
import { routeTable } from './routes/route-table';
import { defaultStreamLimits, type StreamLimits } from './stream/limits';
import { SharedLogs } from './stream/shared-logs';
import { StreamEndpoint } from './stream/stream-endpoint';
import { StreamTickets } from './stream/tickets';
import { version } from './version';

/** What a server is made of. */
export interface ServerOptions {
  /** The gateway. It is started and stopped by whoever made it. */
  readonly gateway: Gateway;
  /** The keys that requests may be signed with. */
  readonly keys: KeyRing;
  /** The authorities (`host` or `host:port`) that signed requests may name. Default: any. */
  readonly authorities?: readonly string[] | undefined;
  /** Static bearer tokens, weaker than signatures. Default: none. */
  readonly bearers?: readonly BearerOptions[] | undefined;
  /** The address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on; 0 takes any free one. Default: 3001. */
  readonly port?: number;
  /** The name of the instance, for `/health`. Default: `local`. */
  readonly instanceId?: string;
  /** Whether the gateway has been started: keyed requests get 503 until then. Default: always. */
  readonly isReady?: () => boolean;
  /** The bounds of event streams. Default: {@link defaultStreamLimits}. */
  readonly streamLimits?: Partial<StreamLimits>;
  /** Metrics; give its observer to the gateway. Default: a new one, which sees requests only. */
  readonly metrics?: ServerMetrics;
  /** Log lines. Default: none. */
  readonly logger?: Logger;
  /** Time. Default: the machine's. */
  readonly clock?: Clock;
}

/** A gateway's HTTP and WebSocket side. */
export interface GatewayServer extends AsyncDisposable {
  /** Every route, as registered. */
  readonly routes: readonly Route[];
  /** Where it listens, such as `http://127.0.0.1:3001`; `undefined` while it does not. */
  readonly address: string | undefined;
  /**
   * Listens.
   * @throws Node's `EADDRINUSE`, `EACCES` and their like
   */
  start(): Promise<void>;
  /**
   * Takes no more work: readiness goes off, keyed requests are refused with 503, sends that wait
   * are answered with how they stand. Idempotent.
   */
  drain(): void;
  /** Drains, closes streams with 1012, waits for answers under way, and closes. Idempotent. */
  stop(): Promise<void>;
}

/** How long {@link GatewayServer.stop} waits for answers under way, in milliseconds. */
const STOP_MS = 5_000;

/** Makes a server. It knows the gateway, and nothing of providers and storage. */
export function createServer(options: ServerOptions): GatewayServer {
  const { gateway, clock = systemClock, logger = silentLogger } = options;
  const metrics = options.metrics ?? new ServerMetrics();
  const draining = new AbortController();
  const isReady = options.isReady ?? (() => true);
  const isAccepting = (): boolean => isReady() && !draining.signal.aborted;
  const tickets = new StreamTickets(clock);
  const authenticator = new Authenticator({
    verifier: new Verifier({
      keys: options.keys,
      replayGuard: new ReplayGuard(gateway.store.nonces),
      authorities: options.authorities,
    }),
    bearers: new Bearers(options.bearers ?? []),
    clock,
    onRefusal(reason, key_id, error) {
      metrics.refused(reason);
      const fields = { reason, key_id };
      if (error === undefined) logger.warn('a request was refused unproven', fields);
      // The caller is to blame for nothing: whoever reads the log can mend it.
      else logger.error('a request could not be checked for replay', { ...fields, error });
    },
  });
  let openapi: () => unknown = () => undefined;
  const routes = routeTable({
    gateway,
    clock,
    tickets,
    about: { instanceId: options.instanceId ?? 'local', version },
    metrics: () => metrics.text(),
    isAccepting,
    openapi: () => openapi(),
  });
  const app = createApp({
    clock,
    logger,
    metrics,
    allowedMethods: (target) => allowedMethods(routes, target),
  });
  const limits = { ...defaultStreamLimits, ...options.streamLimits };
  const streams = new StreamEndpoint({
    gateway,
    authenticator,
    tickets,
    isAccepting,
    clock,
    logger,
    logs: new SharedLogs(gateway.store.events, limits.pageSize),
    limits,
    onStreamed: (count) => metrics.streamed(count),
    onClosed: (code) => metrics.streamClosed(code),
  });
  metrics.watch({ sessions: () => gateway.sessions.list(), streams: () => streams.size });
  openapi = registerDocs(app);
  app.register((scope, _options, done) => {
    const wiring = { gateway, authenticator, isAccepting, draining: draining.signal };
    for (const route of routes) registerRoute(scope, route, wiring);
    done();
  });
  streams.attach(app.server);

  let address: string | undefined;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    draining.abort();
    address = undefined;
    await streams.stop();
    const cancel = clock.schedule(STOP_MS, () => app.server.closeAllConnections());
    await app.close();
    cancel();
  };
  const server: GatewayServer = {
    routes,
    get address() {
      return address;
    },
    async start() {
      await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 3001 });
      address = addressOf(app);
    },
    drain: () => draining.abort(),
    stop() {
      stopping ??= stop();
      return stopping;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
  return server;
}

function addressOf(app: FastifyInstance): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
