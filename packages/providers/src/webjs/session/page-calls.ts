import { type Clock, GatewayError } from '@blazz/core';
import type { LibraryClient, LibraryPage } from '../library/library-types';

/**
 * Calls into the page, each under a deadline. When the browser dies, every call that is under way
 * ends at once with the reason.
 */
export class PageCalls {
  readonly #clock: Clock;
  /** Gives up the calls that are under way. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #ended: GatewayError | undefined;
  #client: LibraryClient | undefined;

  /** @param clock measures the deadlines */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Uses this client from now on. */
  use(client: LibraryClient): void {
    this.#client = client;
  }

  /** Ends every call that is under way, and refuses later ones. */
  end(reason: GatewayError): void {
    this.#ended ??= reason;
    for (const giveUp of [...this.#waiting]) giveUp(this.#ended);
  }

  /**
   * Calls the library.
   * @param ms how long it may take
   * @throws GatewayError `timeout`, `not_ready`, the reason that the browser ended with, or what the call throws
   */
  async library<Result>(
    call: (client: LibraryClient) => Promise<Result>,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Result> {
    const client = this.#client;
    if (client === undefined) throw notReady();
    return this.wait(() => call(client), ms, signal);
  }

  /** Runs a page function; see {@link library}. */
  async page<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    args: Args,
    ms: number,
    signal?: AbortSignal,
  ): Promise<Awaited<Result>> {
    const page: LibraryPage | null | undefined = this.#client?.pupPage;
    if (page === null || page === undefined) throw notReady();
    return this.wait(() => page.evaluate(fn, ...args), ms, signal);
  }

  /**
   * Waits for anything else under the same rules. Every send comes by here twice, so that there is
   * no signal of its own for each wait: one made of others costs as much as all else on the way.
   */
  wait<Result>(work: () => Promise<Result>, ms: number, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        this.#waiting.delete(giveUp);
        signal?.removeEventListener('abort', onAbort);
      };
      const giveUp = (reason: unknown): void => {
        settle();
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal?.reason);
      const cancel = this.#clock.schedule(ms, () => giveUp(tooLate()));
      if (this.#ended !== undefined) return giveUp(this.#ended);
      if (signal?.aborted) return onAbort();
      this.#waiting.add(giveUp);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        work().then((result) => {
          settle();
          resolve(result);
        }, giveUp);
      } catch (error) {
        giveUp(error);
      }
    });
  }
}

function tooLate(): GatewayError {
  return new GatewayError('timeout', 'The browser did not answer in time; try again later.');
}

function notReady(): GatewayError {
  return new GatewayError('not_ready', 'The session has no page yet; start it and wait.');
}
