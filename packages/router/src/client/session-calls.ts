import { type Call, type CallOptions, encodeBody, requestTarget } from './call';
import type { RetryingCaller } from './retrying-caller';

/** How long an instance may wait for the platform before it answers, in milliseconds. */
const PLATFORM_WAIT_MS = 20_000;

/** What a caller may say about a call about a session. */
export interface SessionCallOptions extends CallOptions {
  /**
   * The member that is meant, as `members` of the session's status names it, where several carry the
   * session. Default: the one that fits.
   */
  readonly member?: string | undefined;
}

/** What goes with a call about a session. */
export interface SessionCallParts {
  /** The query; what is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** What to send. */
  readonly body?: object | undefined;
}

/** Calls about what a session's platform keeps: its templates, its number. */
export class SessionCalls {
  readonly #caller: RetryingCaller;

  /** @param caller makes the calls */
  constructor(caller: RetryingCaller) {
    this.#caller = caller;
  }

  /** Makes one call. Only what reads is repeated when it may have arrived. */
  async call<T>(
    method: Call['method'],
    path: readonly string[],
    { query = {}, body }: SessionCallParts,
    options: SessionCallOptions | undefined,
  ): Promise<T> {
    const call: Call = {
      method,
      target: requestTarget(['internal', 'session', ...path], {
        ...query,
        member: options?.member,
      }),
      body: body && encodeBody(body),
      replay: method === 'GET' ? 'safe' : 'unsent',
      waitMs: PLATFORM_WAIT_MS,
    };
    return (await this.#caller.call(call, options)).data as T;
  }
}
