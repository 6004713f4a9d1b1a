import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { Post } from './post';

/** How many payloads are on their way at once. */
const AT_ONCE = 16;

/** Posts payloads, many at once, and notes how long each answer took. */
export class Poster {
  readonly #pool: Pool;
  readonly #path: (post: Post) => string;
  /** How long answers took, in milliseconds. */
  readonly tookMs: number[] = [];
  /** Answers that were not the ones that had to come. */
  readonly wrong: string[] = [];

  /**
   * @param origin where to
   * @param path the path of a payload
   */
  constructor(origin: string, path: (post: Post) => string) {
    this.#pool = new Pool(origin, { connections: AT_ONCE, pipelining: 1 });
    this.#path = path;
  }

  /** Posts these. @param isJudged whether answers are looked at */
  async post(posts: readonly Post[], isJudged: boolean): Promise<void> {
    const waiting = posts.values();
    const worker = async (): Promise<void> => {
      for (const post of waiting) await this.#one(post, isJudged);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** Ends its connections. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #one(post: Post, isJudged: boolean): Promise<void> {
    const { body, signature, status } = post;
    const began = performance.now();
    const answer = await this.#pool.request({
      method: 'POST',
      path: this.#path(post),
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'x-hub-signature-256': signature }),
      },
      body,
    });
    await answer.body.dump();
    this.tookMs.push(performance.now() - began);
    if (isJudged && answer.statusCode !== status) {
      this.wrong.push(
        `${answer.statusCode} instead of ${status}: ${body.toString().slice(0, 300)}`,
      );
    }
  }
}

/** A route that reads what is posted, and does nothing with it. */
export class BareRoute {
  readonly #server: Server = createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => response.writeHead(200).end('{"data":{"received":1}}'));
  });

  /** Listens. @returns where */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The time within which 99 of 100 were. */
export function p99(tookMs: readonly number[]): number {
  const sorted = tookMs.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}
