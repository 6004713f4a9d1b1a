import { type Gateway, GatewayError, isGatewayError } from '@blazz/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authorize } from '../routes/authorize';
import { notFound } from '../routes/not-found';
import type { Answer, Call, Grant, Route } from '../routes/route';
import { failureSchema, successSchema } from '../schemas/failure-schema';
import type { Authenticator } from './authenticate';
import { success } from './envelope';
import { readJson } from './read-json';
import { stateOf } from './request-state';
import { waitFor } from './wait-for';

/** The most bytes of a body where the route does not say. */
const defaultBodyLimit = 65_536;

/** What a registered route works with. */
export interface RouteWiring {
  /** The gateway. */
  readonly gateway: Gateway;
  /** Finds out who calls. */
  readonly authenticator: Authenticator;
  /** Whether new work is taken. */
  readonly isAccepting: () => boolean;
  /** Aborted when the server drains. */
  readonly draining: AbortSignal;
}

/**
 * Puts a route into Fastify, behind its grant: head of the signature, body within the limit, digest,
 * MAC and nonce, JSON, schema, grant, handler, in this order.
 * @throws GatewayError `invalid_config` when the route has no grant
 */
export function registerRoute(app: FastifyInstance, route: Route, wiring: RouteWiring): void {
  // The types demand a grant, but a table can be put together without them.
  const grant = route.grant as Grant | undefined;
  if (grant?.kind !== 'public' && grant?.kind !== 'key') {
    throw new GatewayError(
      'invalid_config',
      `${route.method} ${route.path} has no grant. Say who may call it, if only "public".`,
    );
  }
  const keyed = grant.kind === 'key';
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? defaultBodyLimit,
    exposeHeadRoute: !keyed,
    schema: fastifySchema(route, keyed),
    ...(keyed ? keyedHooks(wiring) : {}),
    handler: async (request, reply) => {
      const call = await makeCall(route, wiring, request, reply);
      const answer = await handle(route, call);
      await stateOf(request).kept;
      send(reply, route, answer);
      return reply;
    },
  });
}

function keyedHooks({ authenticator, isAccepting }: RouteWiring): {
  onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
  preValidation: (request: FastifyRequest) => Promise<void>;
} {
  return {
    onRequest(request, reply, done) {
      const result = authenticator.checkHead(request.raw);
      const state = stateOf(request);
      if (result.kind === 'known') state.caller = result.caller;
      else state.head = result.head;
      if (!isAccepting()) {
        throw new GatewayError(
          'shutting_down',
          'The instance is starting or stopping. Ask again in a moment.',
        );
      }
      if (request.method === 'GET' && hasBody(request)) {
        reply.header('connection', 'close');
        throw new GatewayError('bad_request', 'Send no body with GET.');
      }
      done();
    },
    async preValidation(request) {
      const state = stateOf(request);
      const body = request.body as Buffer | undefined;
      if (state.head !== undefined) {
        const { caller, kept } = await authenticator.checkBody(state.head, body);
        state.caller = caller;
        state.kept = kept;
      }
      if (request.method !== 'GET') request.body = readJson(body);
    },
  };
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

async function makeCall(
  route: Route,
  { gateway, draining }: RouteWiring,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Call> {
  const { caller } = stateOf(request);
  const { params, query, body } = request;
  const { workspaceId, session } = await authorize(gateway, route.grant, caller, request);
  return {
    params,
    query,
    body,
    caller,
    workspaceId,
    session,
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    whileWaiting: (work) => waitFor(reply.raw, draining, work),
  };
}

/** Whatever is missing is answered in the same words, wherever in the gateway that was found. */
async function handle(route: Route, call: Call): Promise<Answer> {
  try {
    return await route.handle(call);
  } catch (error) {
    throw isGatewayError(error) && error.code === 'not_found' ? notFound() : error;
  }
}

function send(reply: FastifyReply, route: Route, answer: Answer): void {
  reply.code(answer.status ?? 200);
  if (route.grant.kind === 'key') reply.header('cache-control', 'no-store');
  if (answer.headers !== undefined) reply.headers(answer.headers);
  reply.send('body' in answer ? answer.body : success(answer.data));
}

function fastifySchema(route: Route, keyed: boolean): Record<string, unknown> {
  const { params, query, body, answers, bare, summary, description } = route;
  const good = Object.entries(answers).map(([status, schema]) => [
    status,
    bare === true ? schema : successSchema(schema),
  ]);
  return {
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    response: { ...Object.fromEntries(good), ...(keyed ? { '4xx': failureSchema } : {}) },
    summary,
    ...(description === undefined ? {} : { description }),
    ...(route.bodyDocs === undefined ? {} : { bodyDocs: route.bodyDocs }),
    ...(route.grant.kind === 'public'
      ? { security: [] }
      : { 'x-scope': route.grant.scope, security: [{ signature: [] }, { bearer: [] }] }),
  };
}
