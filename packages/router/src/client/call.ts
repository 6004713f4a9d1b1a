/** When a call may be made again after it failed. */
type Replay =
  /** Always: it only reads, or its idempotency key makes a second one harmless. */
  | 'safe'
  /** Only when provably nothing of it reached the instance. */
  | 'unsent';

/** One call of a route, before it is signed. */
export interface Call {
  /** The method. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The request target: path and query, percent-encoded. */
  readonly target: string;
  /** The body, as it goes over the wire. */
  readonly body?: Buffer | undefined;
  /** The idempotency key; the same over all tries. */
  readonly idempotencyKey?: string | undefined;
  /** The `Prefer` header. */
  readonly prefer?: string | undefined;
  /** When the call may be made again. */
  readonly replay: Replay;
  /** How long the instance itself may wait before it answers, in milliseconds. */
  readonly waitMs: number;
  /** Whether it goes out without a signature and is answered without an envelope. */
  readonly bare?: boolean;
}

/** What a caller may say about any call. */
export interface CallOptions {
  /** Ends the call early; it then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take, retries included, in milliseconds. Default: the client's. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Makes a request target. Each part of the path is encoded, so that an id cannot leave its place.
 * @param path parts without slashes
 * @param query what is undefined is left out
 */
export function requestTarget(
  path: readonly string[],
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
  const target = `/${path.map(encodeURIComponent).join('/')}`;
  return search === '' ? target : `${target}?${search}`;
}

/** Makes a body of a value. */
export function encodeBody(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
