import { randomBytes } from 'node:crypto';
import { type Clock, GatewayError, type Logger } from '@blazz/core';
import type { TSchema } from '@sinclair/typebox';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ServerMetrics } from '../metrics/server-metrics';
import { answerClientError } from './client-error';
import { compileSchema, type RequestPart } from './compile-schema';
import { takeRawJson } from './content-type';
import { failure } from './envelope';
import { httpStatus, retryAfterSeconds, toHttpError } from './http-error';
import { type RequestState, stateKey, stateOf } from './request-state';

/** What the HTTP side of the server works with, whatever its routes. */
export interface AppOptions {
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Metrics. */
  readonly metrics: ServerMetrics;
  /** The methods that the path of a request has. */
  readonly allowedMethods: (target: string) => readonly string[];
}

/** How long a client may take to send a whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** A Fastify instance with the server's manners: raw bodies, one envelope, one log line a request. */
export function createApp(options: AppOptions): FastifyInstance {
  const { clock } = options;
  const answerError = errorAnswer(options.logger);
  const app = fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
  });
  takeRawJson(app);
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const check = compileSchema(schema as TSchema, httpPart as RequestPart);
    return (value: unknown) => check(value) as never;
  });
  // Answers are proven against their schemas by tests; in service they are written as they are.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest(stateKey, null as never);
  app.addHook('onRequest', (request, reply, done) => {
    const state: RequestState = {
      head: undefined,
      caller: undefined,
      kept: undefined,
      startedAt: clock.monotonic(),
    };
    (request as unknown as Record<typeof stateKey, RequestState>)[stateKey] = state;
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    report(options, request, reply);
    done();
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    answerError(await failureOf(thrown, request), request, reply);
    return reply;
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = options.allowedMethods(request.url);
    if (allowed.length === 0) {
      throw new GatewayError('not_found', 'There is no such route. See /docs for those there are.');
    }
    reply.header('allow', allowed.join(', '));
    throw new GatewayError('method_not_allowed', `This path takes ${allowed.join(', ')}.`);
  });
  return app;
}

/**
 * What a request failed of, once it cannot come again: a failure is an answer like any other, and
 * what failed now may be done the next time.
 */
async function failureOf(thrown: unknown, request: FastifyRequest): Promise<unknown> {
  try {
    await stateOf(request)?.kept;
    return thrown;
  } catch (refusal) {
    return refusal;
  }
}

/** Ids that differ over restarts too, without asking for random bytes at each request. */
function requestIds(): () => string {
  const boot = randomBytes(5).toString('hex');
  let count = 0;
  return () => `req_${boot}${(count++).toString(36)}`;
}

function errorAnswer(
  logger: Logger,
): (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (thrown, request, reply) => {
    const error = toHttpError(thrown);
    const status = httpStatus(error);
    const seconds = retryAfterSeconds(error);
    if (seconds !== undefined) reply.header('retry-after', String(seconds));
    // A body that was not read must not be waited for, nor be taken for the next request.
    if (status === 401 || status === 413 || status === 415) reply.header('connection', 'close');
    if (status === 500) {
      logger.error('a request failed', { error: error.cause ?? error, request_id: request.id });
    }
    reply.code(status).send(failure(error));
  };
}

/** The route's pattern stands for the path, which holds ids; a request without a route has none. */
function report(
  { clock, logger, metrics }: AppOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { startedAt, caller } = stateOf(request) ?? { startedAt: clock.monotonic() };
  const route = request.routeOptions.url ?? 'none';
  const durationMs = clock.monotonic() - startedAt;
  const status = reply.statusCode;
  metrics.request({ method: request.method, route, status, durationMs });
  const probe = status < 400 && (route.startsWith('/health') || route === '/metrics');
  logger[probe ? 'debug' : 'info']('request', {
    request_id: request.id,
    method: request.method,
    route,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    key_id: caller?.id,
  });
}
