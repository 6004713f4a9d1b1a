import { type Clock, GatewayError, type SessionState, type Store, withDeadline } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import type { RouteContext } from './context';
import { type Route, route } from './route';

const status = Type.Object({ status: Type.String() });
const open = { kind: 'public' } as const;

/** How long a store may take to answer, in milliseconds: whoever probes gives up after a second. */
const ANSWER_MS = 900;

/** The routes for probes, monitors and documentation. None tells of tenants. */
export function healthRoutes(context: RouteContext): readonly Route[] {
  const { gateway, clock, about } = context;
  const startedAt = clock.monotonic();
  return [
    route({
      method: 'GET',
      path: '/health',
      summary: 'How the instance stands',
      description: '200 for as long as the process answers; `status` tells whether it takes work.',
      grant: open,
      bare: true,
      answers: {
        200: Type.Object(
          {
            status: Type.Union([Type.Literal('ok'), Type.Literal('stopping')]),
            timestamp: Type.String({ format: 'date-time' }),
            instance_id: Type.String(),
            version: Type.String(),
            uptime_seconds: Type.Integer(),
            durability: Type.String({ description: 'What survives: process, server or disk.' }),
            sessions: Type.Object({
              total: Type.Integer(),
              by_state: Type.Record(Type.String(), Type.Integer()),
            }),
            workspaces: Type.Object({
              unresumed: Type.Integer({
                description: 'Whose sessions could not be started yet, and are tried again.',
              }),
            }),
            memory: Type.Object({ used: Type.Integer({ description: 'Bytes.' }) }),
          },
          { additionalProperties: false },
        ),
      },
      handle: () => ({
        body: {
          status: context.isAccepting() ? 'ok' : 'stopping',
          timestamp: new Date(clock.now()).toISOString(),
          instance_id: about.instanceId,
          version: about.version,
          uptime_seconds: Math.floor((clock.monotonic() - startedAt) / 1000),
          durability: gateway.store.durability,
          sessions: count(gateway.sessions.list()),
          workspaces: { unresumed: gateway.unresumed },
          memory: { used: process.memoryUsage.rss() },
        },
      }),
    }),
    route({
      method: 'GET',
      path: '/health/live',
      summary: 'Whether the process lives',
      grant: open,
      bare: true,
      answers: { 200: status },
      handle: () => ({ body: { status: 'ok' } }),
    }),
    route({
      method: 'GET',
      path: '/health/ready',
      summary: 'Whether the instance takes work',
      description:
        '503 while it starts, from the moment it stops, and while its store refuses or hangs.',
      grant: open,
      bare: true,
      answers: { 200: status, 503: status },
      handle: async () => {
        if (!context.isAccepting()) return { status: 503, body: { status: 'stopping' } };
        return (await answers(gateway.store, clock))
          ? { body: { status: 'ok' } }
          : { status: 503, body: { status: 'store_unavailable' } };
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics',
      description: "In Prometheus' text format.",
      grant: { kind: 'key', scope: 'metrics', workspace: 'none' },
      bare: true,
      answers: { 200: Type.String() },
      handle: async () => ({
        body: await context.metrics(),
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
    }),
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This description',
      grant: open,
      bare: true,
      answers: { 200: Type.Object({}, { additionalProperties: true }) },
      handle: () => ({ body: context.openapi() }),
    }),
  ];
}

/** Whether a store can be read: one whose disk refused cannot, until its process starts again. */
function answers({ leases }: Store, clock: Clock): Promise<boolean> {
  const onTimeout = (): Error => new GatewayError('timeout', 'The store did not answer in time.');
  const options = { clock, ms: ANSWER_MS, onTimeout };
  return withDeadline(() => leases.get('health'), options).then(
    () => true,
    () => false,
  );
}

function count(sessions: readonly { readonly state: SessionState }[]): {
  total: number;
  by_state: Partial<Record<SessionState, number>>;
} {
  const by_state: Partial<Record<SessionState, number>> = {};
  for (const { state } of sessions) by_state[state] = (by_state[state] ?? 0) + 1;
  return { total: sessions.length, by_state };
}
