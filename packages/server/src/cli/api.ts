import { GatewayError, isErrorCode, Signer, systemClock, type WorkspaceConfig } from '@blazz/core';
import type { Connection } from './connection';

/** The routes of workspaces, which applications do not need and the router's client leaves out. */
export class WorkspaceApi {
  readonly #connection: Connection;
  readonly #signer: Signer;

  /** @param connection the server, and the key */
  constructor(connection: Connection) {
    const { id, secret } = connection.key;
    this.#connection = connection;
    this.#signer = new Signer({ keyId: id, secret, clock: systemClock });
  }

  /** Every workspace that the key covers. */
  async list(signal: AbortSignal): Promise<readonly WorkspaceConfig[]> {
    return (await this.#call(
      'GET',
      '/internal/workspaces',
      undefined,
      signal,
    )) as WorkspaceConfig[];
  }

  /** Writes a workspace's configuration. */
  async put(id: string, config: object, signal: AbortSignal): Promise<WorkspaceConfig> {
    const path = `/internal/workspaces/${encodeURIComponent(id)}`;
    return (await this.#call('PUT', path, config, signal)) as WorkspaceConfig;
  }

  /** Forgets a workspace's configuration. */
  async delete(id: string, signal: AbortSignal): Promise<void> {
    await this.#call('DELETE', `/internal/workspaces/${encodeURIComponent(id)}`, undefined, signal);
  }

  async #call(
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
