import { GatewayError, isErrorCode, systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import type { Connection } from './connection';

/** Calls routes that applications do not need and the router's client leaves out. */
export class SignedApi {
  readonly #connection: Connection;
  readonly #signer: Signer;

  /** @param connection the server, and the key */
  constructor(connection: Connection) {
    const { id, secret } = connection.key;
    this.#connection = connection;
    this.#signer = new Signer({ keyId: id, secret, clock: systemClock });
  }

  /**
   * Makes one call.
   * @param path the request target, percent-encoded
   * @returns the data of the answer
   * @throws GatewayError what the server answers, `connection_failed`
   */
  async call(
    method: string,
    path: string,
    content: object | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const url = new URL(path, this.#connection.baseUrl);
    const body = content === undefined ? undefined : Buffer.from(JSON.stringify(content));
    const headers = this.#signer.sign({ method, authority: url.host, rawTarget: path, body });
    const response = await fetch(url, {
      method,
      signal,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      throw new GatewayError(
        'connection_failed',
        `The server at ${url.origin} cannot be reached. Is it running? Check BLAZZ_URL.`,
        { cause },
      );
    });
    const answer = (await response.json()) as {
      data?: unknown;
      error?: { code?: unknown; message?: unknown };
    };
    if (response.ok) return answer.data;
    const { code, message } = answer.error ?? {};
    throw new GatewayError(isErrorCode(code) ? code : 'bad_response', String(message));
  }
}
