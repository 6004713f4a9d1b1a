/** What a signature says about a request, before its body. */
export interface RequestLine {
  /** The method, as sent. */
  readonly method: string;
  /** Host and port as the client named them: the `Host` header or `:authority`. */
  readonly authority: string | undefined;
  /** The request target, byte for byte as on the wire (Node's `req.url`), never a parsed URL. */
  readonly rawTarget: string;
}

/** A request line, cut into the components that are signed. */
export interface CoveredRequest {
  /** `@method`. */
  readonly method: string;
  /** `@authority`: lower-case; default ports are left out, as HTTP clients do. */
  readonly authority: string;
  /** `@path`, undecoded. */
  readonly path: string;
  /** `@query` with its `?`; a bare `?` when there is none. */
  readonly query: string;
}

const methodShape = /^[A-Z]{1,32}$/;
const authorityShape = /^[A-Za-z0-9._~[\]:-]{1,261}$/;
const targetShape = /^\/[\x21\x22\x24-\x7e]*$/;

/**
 * Cuts a request line into its signed components, or gives undefined when it cannot be signed:
 * no authority, a target that is not a path of printable ASCII, or a target that ends with an empty query.
 * The last would be signed like one without `?`, and two requests must never share a signature.
 */
export function coverRequest(line: RequestLine): CoveredRequest | undefined {
  const { method, authority, rawTarget } = line;
  if (authority === undefined || !authorityShape.test(authority)) return undefined;
  if (!methodShape.test(method) || !targetShape.test(rawTarget)) return undefined;
  const mark = rawTarget.indexOf('?');
  if (mark === rawTarget.length - 1) return undefined;
  return {
    method,
    authority: authority.toLowerCase(),
    path: mark < 0 ? rawTarget : rawTarget.slice(0, mark),
    query: mark < 0 ? '?' : rawTarget.slice(mark),
  };
}
