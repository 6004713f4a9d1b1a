import { GatewayError } from '@blazz/core';

/**
 * Reads the address of an instance.
 * @param protocols the schemes that are allowed, such as `http:`
 * @throws GatewayError `invalid_config` when it is not an origin: a path before the routes would be
 * rewritten on the way, and the signature covers the path
 */
export function parseBaseUrl(text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url?.pathname === '/' && url.search + url.hash + url.username + url.password === '';
  if (url === undefined || !bare || !protocols.includes(url.protocol)) {
    throw new GatewayError(
      'invalid_config',
      `baseUrl must be ${protocols.map((protocol) => `${protocol}//host:port`).join(' or ')}, without path, query or password.`,
    );
  }
  return url;
}
