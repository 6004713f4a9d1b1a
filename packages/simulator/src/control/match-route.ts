import { GatewayError } from '@blazz/core';

/** What of a route decides whether a request is its own. */
interface RoutePattern {
  /** The HTTP method. */
  readonly method: string;
  /** The path, with `{names}`. */
  readonly path: string;
}

/** A route and the values of its path's `{names}`. */
export interface MatchedRoute<Route> {
  /** The route. */
  readonly route: Route;
  /** The values, by name. */
  readonly path: Readonly<Record<string, string>>;
}

/**
 * The route of a request.
 * @throws GatewayError `not_found` or `method_not_allowed`
 */
export function matchRoute<Route extends RoutePattern>(
  routes: readonly Route[],
  method: string | undefined,
  pathname: string,
): MatchedRoute<Route> {
  const fitting = routes.flatMap((route) => {
    const path = match(route.path, pathname);
    return path === undefined ? [] : [{ route, path }];
  });
  if (fitting.length === 0)
    throw new GatewayError('not_found', 'No such route; the README lists them.');
  const found = fitting.find((one) => one.route.method === method);
  if (found) return found;
  throw new GatewayError(
    'method_not_allowed',
    'This path has other methods; the README lists them.',
  );
}

/** The values of a path's `{names}`, or undefined when the path is another one. */
function match(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) values[part.slice(1, -1)] = decode(value);
    else if (part !== value) return undefined;
  }
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new GatewayError('bad_request', 'The path is not properly percent-encoded.', { cause });
  }
}
