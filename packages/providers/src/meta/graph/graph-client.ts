import { type Clock, withDeadline } from '@blazz/core';
import type { Dispatcher } from 'undici';
import { asRaw } from '../../json/raw';
import { graphErrorFacts } from './graph-error-facts';
import type { GraphReply } from './graph-reply';
import type { GraphRequest } from './graph-request';
import { readBody } from './read-body';
import { type AnswerHeader, retryAfterMs } from './retry-after';
import { watchedDispatcher } from './watched-dispatcher';

/** The longest answer that is read, in bytes; a page of 250 templates stays below. */
const maxAnswerBytes = 8 * 1024 * 1024;

/** Where a client calls, and as whom. */
export interface GraphClientOptions {
  /** The origin, such as `https://graph.facebook.com`. */
  readonly url: string;
  /** The version, such as `v25.0`. */
  readonly version: string;
  /** The access token. */
  readonly token: string;
  /** Makes connections. Its owner closes it. */
  readonly dispatcher: Dispatcher;
  /** Measures deadlines. */
  readonly clock: Clock;
}

/** Marks the end of a call that took too long. */
const late: unique symbol = Symbol('late');

/** Calls Graph, and tells for certain whether a request that got no answer had begun to leave. */
export class GraphClient {
  readonly #options: GraphClientOptions;

  /** @param options where to call, and as whom */
  constructor(options: GraphClientOptions) {
    this.#options = options;
  }

  /** Makes one call. Never throws, and never repeats it. */
  async call(request: GraphRequest): Promise<GraphReply> {
    const { clock } = this.#options;
    const { signal } = request;
    if (signal.aborted) return { kind: 'fault', left: false, reason: 'aborted' };
    let left = false;
    const leaving = (): void => {
      left = true;
    };
    try {
      return await withDeadline((until) => this.#exchange(request, until, leaving), {
        clock,
        ms: request.deadlineMs,
        signal,
        onTimeout: () =>
          Object.assign(new Error('Graph did not answer in time.'), { [late]: true }),
      });
    } catch (cause) {
      const isLate = typeof cause === 'object' && cause !== null && late in cause;
      const reason = isLate ? 'timeout' : signal.aborted ? 'aborted' : 'connection';
      return { kind: 'fault', left, reason, cause };
    }
  }

  async #exchange(
    request: GraphRequest,
    signal: AbortSignal,
    onLeaving: () => void,
  ): Promise<GraphReply> {
    const { url, version, token, dispatcher, clock } = this.#options;
    const { method, path, query, json, stream } = request;
    const type = json === undefined ? stream?.contentType : 'application/json';
    const size = stream?.size;
    const response = await watchedDispatcher(dispatcher, onLeaving).request({
      origin: url,
      path: `/${version}${path}`,
      method,
      ...(query === undefined ? {} : { query }),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(size === undefined ? {} : { 'content-length': String(size) }),
      },
      body: json === undefined ? streamed(stream?.bytes()) : JSON.stringify(json),
      signal,
    });
    const body = await readBody(response.body, maxAnswerBytes);
    const header: AnswerHeader = (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return understood(body, response.statusCode, retryAfterMs(header, clock.now()));
  }
}

type Body = NonNullable<Dispatcher.DispatchOptions['body']>;

/** undici takes any async iterable; its types name only Node's streams. */
function streamed(bytes: AsyncIterable<Uint8Array> | undefined): Body | null {
  return (bytes ?? null) as Body | null;
}

function understood(
  body: Uint8Array | undefined,
  status: number,
  waitMs: number | undefined,
): GraphReply {
  const json = parsed(body);
  const facts = graphErrorFacts(json?.error, waitMs);
  if (facts !== undefined) return { kind: 'refusal', facts };
  if (json !== undefined && status >= 200 && status < 300) return { kind: 'answer', json };
  return { kind: 'fault', left: true, reason: 'answer', status };
}

/** The parser's own error would quote the body, which may hold phone numbers. */
function parsed(body: Uint8Array | undefined): Readonly<Record<string, unknown>> | undefined {
  if (body === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? asRaw(json)
      : undefined;
  } catch {
    return undefined;
  }
}
