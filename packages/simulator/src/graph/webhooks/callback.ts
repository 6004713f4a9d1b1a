import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Timers } from '../../timers';

/** How a callback answered. */
export interface CallbackAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** The first kilobyte of the body. */
  readonly body: string;
}

/** Calls the webhooks of others over real HTTP. */
export class Callbacks {
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: 32 });
  readonly #tls = new HttpsAgent({ keepAlive: true, maxSockets: 32 });

  /**
   * @param timers what the deadline runs on
   * @param timeoutMs how long an answer may take
   */
  constructor(timers: Timers, timeoutMs: number) {
    this.#timers = timers;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Delivers a body.
   * @returns the answer; undefined when there was none in time
   */
  post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<CallbackAnswer | undefined> {
    return this.#call(url, { method: 'POST', headers }, body);
  }

  /** Asks with GET. @returns the answer; undefined when there was none in time */
  get(url: string): Promise<CallbackAnswer | undefined> {
    return this.#call(url, { method: 'GET' });
  }

  /** Closes every connection. */
  stop(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }

  #call(url: string, options: RequestOptions, body?: string): Promise<CallbackAnswer | undefined> {
    if (!URL.canParse(url)) return Promise.resolve(undefined);
    const tls = url.startsWith('https:');
    const send = tls ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const call = send(url, { ...options, agent: tls ? this.#tls : this.#plain }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => finish(undefined));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8').slice(0, 1024);
          finish({ status: response.statusCode ?? 0, body: text });
        });
      });
      const cancel = this.#timers.after(this.#timeoutMs, () => call.destroy());
      const finish = (answer: CallbackAnswer | undefined): void => {
        cancel();
        resolve(answer);
      };
      call.on('error', () => finish(undefined));
      call.on('close', () => finish(undefined));
      call.end(body);
    });
  }
}
