import { EventEmitter } from 'node:events';
import { type Clock, GatewayError, isGatewayError } from '@blazz/core';
import type { Signer } from '@blazz/core/signing';
import type { Dispatcher, Pool } from 'undici';
import { decodeAnswer, decodeBareAnswer, type RawAnswer } from './answer';
import type { Call } from './call';
import { isUnsent, transportError } from './transport-error';

/** How one try of a call ended. */
export type Try =
  | {
      /** The instance answered well. */
      readonly ok: true;
      /** The data of the answer. */
      readonly data: unknown;
      /** A header of the answer, by its lower-case name. */
      readonly header: (name: string) => string | undefined;
    }
  | {
      /** It did not. */
      readonly ok: false;
      /** Why. */
      readonly error: GatewayError;
      /** Whether provably nothing of the request left. */
      readonly unsent: boolean;
    };

/** What a {@link SignedTransport} needs. */
export interface TransportComponents {
  /** The connections to the instance. */
  readonly pool: Pool;
  /** Signs each try. */
  readonly signer: Signer;
  /** Host and port of the instance, as they go into the `Host` header. */
  readonly authority: string;
  /** Measures deadlines. */
  readonly clock: Clock;
}

/** Makes one signed try of a call. Every try has its own time, nonce and signature. */
export class SignedTransport {
  readonly #components: TransportComponents;

  constructor(components: TransportComponents) {
    this.#components = components;
  }

  /**
   * Makes one try.
   * @param timeoutMs how long it may take, in milliseconds
   * @throws the signal's reason when the caller's signal is aborted; every other end is data
   */
  async attempt(call: Call, timeoutMs: number, signal: AbortSignal | undefined): Promise<Try> {
    signal?.throwIfAborted();
    const headers = this.#headers(call);
    // undici takes an emitter as well as a signal, and a signal would cost as much as the whole call.
    const abort = new EventEmitter();
    let late = false;
    const cancel = this.#components.clock.schedule(timeoutMs, () => {
      late = true;
      abort.emit('abort');
    });
    const onAbort = (): void => void abort.emit('abort');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await this.#exchange(call, headers, abort);
      const data = call.bare ? decodeBareAnswer(answer) : decodeAnswer(answer);
      return { ok: true, data, header: answer.header };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (late) return { ok: false, error: timeoutError(timeoutMs, thrown), unsent: false };
      if (isGatewayError(thrown)) return { ok: false, error: thrown, unsent: false };
      return { ok: false, error: transportError(thrown), unsent: isUnsent(thrown) };
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #headers(call: Call): Record<string, string> {
    const { signer, authority } = this.#components;
    const { method, target: rawTarget, body, idempotencyKey } = call;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (call.prefer !== undefined) headers.prefer = call.prefer;
    if (call.bare) return headers;
    return Object.assign(
      headers,
      signer.sign({ method, authority, rawTarget, body, idempotencyKey }),
    );
  }

  async #exchange(
    call: Call,
    headers: Record<string, string>,
    abort: EventEmitter,
  ): Promise<RawAnswer> {
    const { pool, clock } = this.#components;
    const response = await pool.request({
      method: call.method,
      path: call.target,
      headers,
      body: call.body ?? null,
      signal: abort,
    });
    const text = await response.body.text();
    return {
      status: response.statusCode,
      header: (name) => headerOf(response.headers, name),
      text,
      now: clock.now(),
    };
  }
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function timeoutError(timeoutMs: number, cause: unknown): GatewayError {
  return new GatewayError(
    'timeout',
    `The instance did not answer within ${Math.round(timeoutMs)} ms. It may still have done the work: ask before you repeat it.`,
    { cause },
  );
}
